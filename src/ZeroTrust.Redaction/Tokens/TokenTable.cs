using System.Globalization;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>The tokens of vendors, as they publish them: the embedded table <c>tokens.tsv</c>, each row with where it was seen.</summary>
internal static class TokenTable
{
    public const string Resource = "tokens.tsv";
    private const int Columns = 7;

    /// <summary>Reads the table.</summary>
    /// <exception cref="InvalidOperationException">A row is not as the columns demand; the build is broken.</exception>
    public static IEnumerable<TokenShape> Read()
    {
        using var stream = typeof(TokenTable).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return Parse(line);
        }
    }

    private static TokenShape Parse(string line)
    {
        if (line.Split('\t') is not { Length: Columns } columns
            || !TokenPatternParser.TryParse(columns[2], out var pattern, out _)
            || !TokenChecksum.IsKnown(columns[3])
            || !TryParseEvidence(columns[4], out var evidence))
        {
            throw new InvalidOperationException($"{Resource} has a row that cannot be read: {line}");
        }

        return new(columns[0], pattern, columns[3], evidence, double.Parse(columns[5], CultureInfo.InvariantCulture));
    }

    private static bool TryParseEvidence(string name, out TokenEvidence evidence)
    {
        evidence = TokenEvidence.None;
        return name.Length == 0 || Enum.TryParse(name, ignoreCase: true, out evidence);
    }
}
