namespace ZeroTrust.Redaction.Tokens;

/// <summary>The shapes of the configuration. Whoever writes one knows the token, so the shape alone is proof.</summary>
internal static class ConfiguredShapes
{
    public const int MaxShapes = 128;
    public const int MaxPattern = 256;
    public const int ShortestToken = 8;
    private const int ShortestVendor = 2;
    private const int LongestVendor = 20;

    /// <summary>Makes an index of shapes that have been validated; <see langword="null"/> of none.</summary>
    public static TokenIndex? Compile(IEnumerable<RedactionTokenShape> shapes)
    {
        TokenShape[] compiled =
            [.. shapes.Select(static shape => TryCompile(shape, out var parsed, out _) ? parsed : null).OfType<TokenShape>()];
        return compiled.Length == 0 ? null : new TokenIndex(compiled);
    }

    /// <summary>What is wrong with the vendor or the pattern; <see langword="null"/> where nothing is.</summary>
    public static string? FaultOf(RedactionTokenShape shape) => TryCompile(shape, out _, out var fault) ? null : fault;

    public static bool IsVendor(string? vendor) =>
        vendor is { Length: >= ShortestVendor and <= LongestVendor }
        && vendor.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static bool TryCompile(RedactionTokenShape shape, out TokenShape? compiled, out string? fault)
    {
        compiled = null;
        if (shape.Pattern.Length > MaxPattern)
        {
            fault = $"it is longer than {MaxPattern} characters";
            return false;
        }

        if (!TokenPatternParser.TryParse(shape.Pattern, out var pattern, out fault))
        {
            return false;
        }

        compiled = new TokenShape(shape.Vendor, pattern);
        fault = pattern.AnchorText.Length < TokenPattern.ShortAnchor ? $"it has no literal of at least {TokenPattern.ShortAnchor} characters"
            : pattern.Shortest < ShortestToken ? $"what it redacts may have fewer than {ShortestToken} characters"
            : FindsMarker(compiled) ? "it finds what stands in the place of a finding"
            : null;
        return fault is null;
    }

    /// <summary>What was written must not be found again.</summary>
    private static bool FindsMarker(TokenShape shape) =>
        new TokenIndex([shape]).TryFind($" {shape.Marker} [private-key] [credentials] [national-id] REDACTED:REDACTED ", 0, out _);
}
