using System.Globalization;

namespace ZeroTrust.Redaction.Domains;

/// <summary>
/// The top-level domains of IANA's root zone: the embedded list <c>top-level-domains.txt</c>, one to a line in its ASCII form. Those that
/// are the endings of files, <c>zip</c> and <c>mov</c>, are left out.
/// </summary>
internal static class TopLevelDomains
{
    private const string Resource = "top-level-domains.txt";
    private const int MaxLabel = 63;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Known = Read().GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> label) =>
        label.Length is > 0 and <= MaxLabel && (System.Text.Ascii.IsValid(label) ? Known.Contains(label) : Known.Contains(InAscii(label)));

    private static string InAscii(ReadOnlySpan<char> label)
    {
        try
        {
            return new IdnMapping().GetAscii(label.ToString());
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    private static HashSet<string> Read()
    {
        using var stream = typeof(TopLevelDomains).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
