namespace ZeroTrust.Tool;

/// <summary>How the process ends.</summary>
internal static class ExitCode
{
    /// <summary>Done; the certificate was accepted.</summary>
    public const int Accepted = 0;

    /// <summary>The certificate was refused.</summary>
    public const int Refused = 1;

    /// <summary>The command line was wrong, or a file could not be read or written.</summary>
    public const int Failed = 2;

    /// <summary>Stopped by the user, as shells tell it.</summary>
    public const int Cancelled = 130;
}
