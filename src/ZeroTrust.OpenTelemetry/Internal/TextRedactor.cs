using System.Buffers;
using System.Text;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Runs every detector over a text. Clean text comes back as the same reference, without an allocation.</summary>
internal static class TextRedactor
{
    /// <summary>The least that is found with one of the signs: <c>/?a</c>.</summary>
    private const int Shortest = 3;

    /// <summary>The least that is found without: <c>Basic YTpi</c>.</summary>
    private const int ShortestWithoutSign = 10;

    /// <summary>One of these is in every address, URL, named secret and key block. Most attribute values have none, and are done after one look.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("@%:=?#-");

    public static string Redact(string text)
    {
        var hasSign = text.Length >= Shortest && text.AsSpan().ContainsAny(Signs);
        if (!hasSign && text.Length < ShortestWithoutSign)
        {
            return text;
        }

        // Wide matches first, so that a narrow one does not cut a wide one in two.
        if (hasSign)
        {
            text = Rewrite<PrivateKeyDetector>(text);
            text = Rewrite<UrlUserInfoDetector>(text);
            text = Rewrite<UrlQueryDetector>(text);
        }

        text = Rewrite<CredentialsDetector>(text);
        text = Rewrite<JwtDetector>(text);
        if (hasSign)
        {
            text = Rewrite<NamedSecretDetector>(text);
            text = Rewrite<EmailDetector>(text);
        }

        return Rewrite<PaymentCardDetector>(text);
    }

    private static string Rewrite<TDetector>(string text)
        where TDetector : ITextDetector
    {
        if (!TDetector.TryFind(text, 0, out var start, out var length))
        {
            return text;
        }

        var redacted = new StringBuilder(text.Length);
        var copied = 0;
        do
        {
            redacted.Append(text, copied, start - copied).Append(TDetector.Marker);
            copied = start + length;
        }
        while (TDetector.TryFind(text, copied, out start, out length));

        return redacted.Append(text, copied, text.Length - copied).ToString();
    }
}
