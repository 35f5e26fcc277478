using System.Text;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Runs every detector over a text. Clean text comes back as the same reference, without an allocation.</summary>
internal static class TextRedactor
{
    private const int ShortestSecret = 6;

    public static string Redact(string text)
    {
        if (text.Length < ShortestSecret)
        {
            return text;
        }

        // Wide matches first, so that a narrow one does not cut a wide one in two.
        text = Rewrite<PrivateKeyDetector>(text);
        text = Rewrite<UrlUserInfoDetector>(text);
        text = Rewrite<UrlQueryDetector>(text);
        text = Rewrite<CredentialsDetector>(text);
        text = Rewrite<JwtDetector>(text);
        text = Rewrite<NamedSecretDetector>(text);
        text = Rewrite<EmailDetector>(text);
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
