using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>An assertion or response of SAML in base64, as browsers post it: whoever has it is signed in.</summary>
internal readonly struct SamlDetector : IBuiltInDetector
{
    private const string Marker = "[saml]";
    private const int Shortest = 128;
    private const int Quantum = 4;
    private const int Sample = 512;

    /// <summary>Base64 of <c>&lt;saml</c>, <c>&lt;?xml</c>, <c>&lt;Resp</c>, <c>&lt;Asse</c>, <c>&lt;ns</c>.</summary>
    private static readonly SearchValues<string> Begins =
        SearchValues.Create(["PHNhbW", "PD94bW", "PFJlc3", "PEFzc2", "PG5zM"], StringComparison.Ordinal);

    private static readonly SearchValues<char> Standard =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static readonly SearchValues<char> InUrl =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_%");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Begins) is >= 0 and var found;)
        {
            at += found;
            var length = Characters.Run(text[at..], InUrl);
            if (length >= Shortest && !Characters.IsInsideWord(text, at) && IsAssertion(text.Slice(at, length)))
            {
                finding = new(at, length, Marker);
                return true;
            }

            at += length;
        }

        finding = default;
        return false;
    }

    private static bool IsAssertion(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Sample];
        text = text[..(Math.Min(Characters.Run(text, Standard), Sample) & ~(Quantum - 1))];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && bytes[..written].IndexOf("SAML:"u8) >= 0;
    }
}
