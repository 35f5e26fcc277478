using System.Buffers;
using System.Text;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Text;

/// <summary>An object of JSON in base64 (RFC 4648), also of the alphabet for URLs: where a secret stands in it, all of it goes.</summary>
internal static class EncodedReader
{
    private const string Marker = "[base64]";
    private const int Shortest = 24;
    private const int Longest = 8192;
    private const int Quantum = 4;

    private static readonly SearchValues<string> Begins = SearchValues.Create(["eyJ", "eyAi", "ewog", "W3si"], StringComparison.Ordinal);

    public static void Read(in TextView view, int from, int first, DetectorKinds kinds, FindingList found)
    {
        var text = view.Text;
        var last = found.Count;
        for (var at = from; text[at..].IndexOfAny(Begins) is >= 0 and var next;)
        {
            at += next;
            var length = Characters.Run(text[at..], Characters.Base64);
            if (length is >= Shortest and <= Longest && !Characters.IsInsideWord(text, at) && found.EndAround(ref first, last, view.PlaceOf(at)) < 0
                && HoldsSecret(text.Slice(at, length), kinds))
            {
                found.Add(view.PlaceOf(at), view.PlaceOf(at + length), Marker);
            }

            at += length;
        }
    }

    private static bool HoldsSecret(ReadOnlySpan<char> encoded, DetectorKinds kinds)
    {
        var trimmed = encoded.TrimEnd('=');
        trimmed = trimmed[..(trimmed.Length - (trimmed.Length % Quantum == 1 ? 1 : 0))];
        var buffer = ArrayPool<char>.Shared.Rent(trimmed.Length + Quantum);
        var bytes = ArrayPool<byte>.Shared.Rent(trimmed.Length);
        try
        {
            trimmed.CopyTo(buffer);
            var padded = trimmed.Length;
            for (; padded % Quantum != 0; padded++)
            {
                buffer[padded] = '=';
            }

            buffer.AsSpan(0, padded).Replace('-', '+');
            buffer.AsSpan(0, padded).Replace('_', '/');
            if (!Convert.TryFromBase64Chars(buffer.AsSpan(0, padded), bytes, out var written))
            {
                return false;
            }

            var inner = new TextScanner();
            inner.Scan(Encoding.UTF8.GetString(bytes, 0, written), kinds & ~DetectorKinds.SignedTokens, shapes: null);
            return !inner.Found.IsEmpty;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
