using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>What may be named in <see cref="ListenerOptions.CertificateHeaders"/>: one header, or several by how they begin.</summary>
internal static class CertificateHeaderNames
{
    private const int ShortestStart = 4;

    // Without these no call could be served.
    private static readonly string[] Needed =
    [
        "host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te", "upgrade", "cookie",
        "authorization", "accept",
        "origin", "txn-token", "txn-chain", "txn-certs", "grpc-timeout", "grpc-encoding", "traceparent",
    ];

    /// <returns>What is wrong with the name; null when nothing is.</returns>
    public static string? FaultOf(string name)
    {
        var start = name.EndsWith('*') ? name[..^1] : name;
        if (start.Length is 0 or > HeaderSpelling.Longest
            || !start.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            return $"{SettingText.Quoted(name)} is not the name of a header: letters, digits, '-' and '_', and '*' only at the end.";
        }

        if (start.Length < name.Length && start.Length < ShortestStart)
        {
            return $"{SettingText.Quoted(name)} begins with less than {ShortestStart} characters: "
                + "headers of another meaning would be removed.";
        }

        var spelled = HeaderSpelling.Of(name);
        return Array.Find(Needed, needed => CertificateHeaderFamilies.Fits(needed, spelled)) is { } taken
            ? $"{SettingText.Quoted(name)} would remove {taken}, which calls need."
            : null;
    }
}
