using System.Text;

namespace ZeroTrust.Tool.Verify;

/// <summary>What a code means and what to do about it: the rows of the pages of the documentation that are packed with the tool.</summary>
internal static class RefusalTexts
{
    public static string? MeaningOf(string code) => Find("rejections.md", code);

    public static string? ActionFor(string code) => Find("peer-refused.md", code);

    /// <summary>The last cell of the row that begins with the code.</summary>
    private static string? Find(string page, string code)
    {
        using var reader = new StreamReader(typeof(RefusalTexts).Assembly.GetManifestResourceStream(page)!, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith($"| `{code}` |", StringComparison.Ordinal))
            {
                return line.TrimEnd(' ', '|').Split(" | ")[^1].Replace("`", string.Empty, StringComparison.Ordinal);
            }
        }

        return null;
    }
}
