using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Shared;

/// <summary>Tells what a text is that somebody encoded as base64 once too often, or without the lines around it.</summary>
internal static class Base64Text
{
    // "-----BEGIN " as base64, with which every PEM file begins that has nothing before its first block.
    private const string EncodedBegin = "LS0tLS1CRUdJTi";
    private const string Unlabelled = "base64 without a BEGIN and an END line";
    private const string Decode = "base64 -d FILE > FILE";

    /// <summary>What it holds and the command that decodes it; null when it is something else.</summary>
    public static string? Describe(string text)
    {
        if (TryDecode(text) is not { } content)
        {
            return text.Contains(EncodedBegin, StringComparison.Ordinal)
                ? "text around base64 of a PEM file, as a Secret of Kubernetes has it: kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d"
                : text.StartsWith("MI", StringComparison.Ordinal) ? Unlabelled + ", cut off or damaged" : null;
        }

        if (TrustFile.IsBinary(content))
        {
            return DescribeDer(content);
        }

        var inner = Encoding.UTF8.GetString(content);
        return inner.Contains("-----BEGIN ", StringComparison.Ordinal) ? $"base64 of a PEM file, as Kubernetes keeps it in a Secret; decode it: {Decode}.pem"
            : TryDecode(inner) is { } twice && Encoding.UTF8.GetString(twice).Contains("-----BEGIN ", StringComparison.Ordinal)
                ? "base64 of base64 of a PEM file; decode it twice: base64 -d FILE | base64 -d > FILE.pem"
                : null;
    }

    private static string DescribeDer(byte[] content) => TrustFile.TypeOf(content) switch
    {
        X509ContentType.Cert => $"{Unlabelled}; convert it: base64 -d FILE | openssl x509 -inform DER -out FILE.pem",
        X509ContentType.Pkcs7 => $"{Unlabelled}, of PKCS#7; convert it: base64 -d FILE | openssl pkcs7 -inform DER -print_certs -out FILE.pem",
        X509ContentType.Pkcs12 => $"{Unlabelled}, of PKCS#12 (PFX); decode it: {Decode}.p12",
        _ => $"{Unlabelled}, of a binary object (DER) that is no certificate; decode it: {Decode}.der",
    };

    private static byte[]? TryDecode(string text)
    {
        try
        {
            return text.Length > 0 ? Convert.FromBase64String(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
