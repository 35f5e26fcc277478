namespace ZeroTrust.Tool.Service;

/// <summary>Where the settings of a service are, and as whom it runs.</summary>
internal sealed record ServiceSettings(IReadOnlyList<string> Files)
{
    /// <summary>Whether variables of this process's environment override the files.</summary>
    public bool EnvironmentVariables { get; init; }

    /// <summary>Whether the service's own certificate and key are left alone.</summary>
    public bool WithoutCredential { get; init; }

    /// <summary>The user the service runs as, where the tool runs as another.</summary>
    public uint? User { get; init; }

    /// <summary>Where the service is started: its content root, and where relative paths begin.</summary>
    public required string Folder { get; init; }
}
