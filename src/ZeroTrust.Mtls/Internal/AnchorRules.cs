using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What an anchor has to be, so that one under which every path would be refused is told at start.</summary>
internal static class AnchorRules
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private static readonly HashSet<string> StrongCurves = new(StringComparer.Ordinal)
    {
        "1.2.840.10045.3.1.7", // P-256
        "1.3.132.0.34", // P-384
        "1.3.132.0.35", // P-521
    };

    /// <summary>What is wrong with an anchor, for a sentence that begins with "the anchor"; null when nothing is.</summary>
    public static string? FindDefect(Certificate anchor, X509Certificate2 platform)
    {
        if (!anchor.IsCa)
        {
            return "is not a CA certificate";
        }

        if (KeyUsages.Find(anchor) is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            return "may not sign certificates by its key usage";
        }

        return HasStrongKey(platform) ? null : "has a weak key, or one of an unknown kind";
    }

    private static bool HasStrongKey(X509Certificate2 anchor)
    {
        try
        {
            using var rsa = anchor.GetRSAPublicKey();
            if (rsa is not null)
            {
                return rsa.KeySize is >= MinRsaBits and <= MaxRsaBits;
            }

            // The curve is read from the encoding: loading a key on an odd curve is what is to be avoided.
            return anchor.PublicKey.Oid.Value == "1.2.840.10045.2.1"
                && anchor.PublicKey.EncodedParameters is { } parameters
                && StrongCurves.Contains(AsnDecoder.ReadObjectIdentifier(parameters.RawData, AsnEncodingRules.DER, out _));
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return false;
        }
    }
}
