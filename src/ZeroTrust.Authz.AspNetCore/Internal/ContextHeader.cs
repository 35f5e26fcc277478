namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Tells the headers that claim an identity or a context from all others, in any spelling a server or proxy may equate.</summary>
internal static class ContextHeader
{
    public const string OtherTxn = "txn-*";

    private const int LongestName = 32;

    /// <summary>The canonical, lower-case name (a closed set, safe as a metric attribute), or null for a header of no concern.</summary>
    public static string? Recognise(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || (name[0] | 0x20) is not ('t' or 'x'))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[LongestName];
        var length = name[..Math.Min(name.Length, LongestName)].ToLowerInvariant(buffer);
        var spelled = buffer[..length];
        spelled.Replace('_', '-');
        if (name.Length <= LongestName && spelled.EndsWith("-bin"))
        {
            spelled = spelled[..^4];
        }

        return spelled switch
        {
            "txn-token" => "txn-token",
            "txn-chain" => "txn-chain",
            "txn-certs" => "txn-certs",
            "x-tenant-id" => "x-tenant-id",
            "x-subject-id" => "x-subject-id",
            "x-permissions" => "x-permissions",
            _ => spelled.StartsWith("txn-") ? OtherTxn : null,
        };
    }
}
