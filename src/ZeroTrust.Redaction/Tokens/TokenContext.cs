using System.Buffers;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>What stands before a text that may be a token.</summary>
internal static class TokenContext
{
    private const int Reach = 40;

    private static readonly SearchValues<string> Telling = SearchValues.Create(
        ["key", "token", "secret", "auth", "credential", "bearer", "password"], StringComparison.OrdinalIgnoreCase);

    public static bool IsNear(ReadOnlySpan<char> text, int start, string vendor) =>
        NamesVendor(text, start, vendor) || Before(text, start).ContainsAny(Telling) || BeginsValue(text[..start]);

    public static bool NamesVendor(ReadOnlySpan<char> text, int start, string vendor)
    {
        var name = vendor.AsSpan();
        name = name.IndexOf('-') is > 1 and var dash ? name[..dash] : name;
        return Before(text, start).Contains(name, StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> Before(ReadOnlySpan<char> text, int start) => text[Math.Max(0, start - Reach)..start];

    /// <summary>Behind a sign that assigns, with a space and a quote between at most.</summary>
    private static bool BeginsValue(ReadOnlySpan<char> before)
    {
        var isQuoted = before is [.., '"' or '\''];
        before = isQuoted ? before[..^1].TrimEnd('\\') : before;
        before = before is [.., ' '] ? before[..^1] : before;
        return before is [.., '=' or ':'] && !IsDigest(before[..^1]);
    }

    /// <summary>The name in front says that what follows is no secret.</summary>
    private static bool IsDigest(ReadOnlySpan<char> before)
    {
        var name = before[Math.Max(0, before.Length - Reach)..].TrimEnd("\"'\\ ");
        return name.EndsWith("id", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("hash", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("digest", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("checksum", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("etag", StringComparison.OrdinalIgnoreCase);
    }
}
