using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Reads <c>X-Forwarded-Client-Cert</c> as Envoy writes it: the certificates alone, and of exactly one element.</summary>
/// <remarks>
/// A second element is the word of whoever wrote the header before the proxy. <c>By</c>, <c>Subject</c>, <c>URI</c> and <c>DNS</c> are
/// passed over: they are what a certificate says, which the verifier reads itself.
/// </remarks>
internal static class XfccField
{
    public const string Name = "x-forwarded-client-cert";

    private const int LongestKey = 16;
    private const int HashLength = 64;

    // Percent-encoded PEM of the most that a peer may send has fewer characters.
    private const int MaxLength = 4 * PeerCertificates.MaxBytes;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static Verdict<PeerCertificates> Read(StringValues lines)
    {
        if (lines.Count != 1)
        {
            return Malformed("it was sent more than once.");
        }

        var text = lines.ToString();
        if (text.Length > MaxLength)
        {
            return Malformed($"it has more than {MaxLength} characters.");
        }

        return TryReadElement(text, out var element) is { } fault ? Malformed(fault) : Read(element);
    }

    private static Verdict<PeerCertificates> Read(XfccElement element)
    {
        List<byte[]> certificates = [];
        if (element.Cert is { } cert && (!TryReadCertificates(cert, certificates) || certificates.Count != 1))
        {
            return Malformed("Cert is not one certificate as PEM with percent-encoding.");
        }

        List<byte[]> chain = [];
        if (element.Chain is { } chained && (!TryReadCertificates(chained, chain) || chain.Count == 0))
        {
            return Malformed("Chain is not certificates as PEM with percent-encoding.");
        }

        if (certificates.Count + chain.Count == 0)
        {
            return AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.ForwardedCertificateMissing,
                "X-Forwarded-Client-Cert has neither Cert nor Chain: let the proxy send both (set_current_client_cert_details of Envoy).");
        }

        var leaf = certificates.Count > 0 ? certificates[0] : chain[0];
        if (chain.Count > 0 && !chain[0].AsSpan().SequenceEqual(leaf))
        {
            return Malformed("Chain does not begin with Cert.");
        }

        return element.Hash is { } hash && !IsHash(hash, leaf)
            ? Malformed("Hash is not the SHA-256 of the certificate.")
            : PeerCertificates.Create(leaf, chain.Skip(1).Select(static der => new ReadOnlyMemory<byte>(der)));
    }

    private static bool IsHash(string text, byte[] certificate) =>
        text.Length == HashLength
        && string.Equals(text, Convert.ToHexString(SHA256.HashData(certificate)), StringComparison.OrdinalIgnoreCase);

    /// <returns>What is wrong; null when nothing is.</returns>
    private static string? TryReadElement(string text, out XfccElement element)
    {
        element = new XfccElement();
        var rest = text.AsSpan();
        while (true)
        {
            var end = rest.IndexOf('=');
            if (end is <= 0 or > LongestKey || rest[..end].ContainsAnyExcept(KeyCharacters))
            {
                return "it is not keys and values.";
            }

            var key = rest[..end].ToString();
            rest = rest[(end + 1)..];
            if (!TryReadValue(ref rest, out var value))
            {
                return "a quoted value does not end.";
            }

            if (!element.TrySet(key, value))
            {
                return $"{key} stands more than once.";
            }

            if (rest.Length == 0)
            {
                return null;
            }

            if (rest[0] == ',')
            {
                return "it holds more than one element. Let the proxy replace what its client sent (SANITIZE_SET of Envoy).";
            }

            if (rest[0] != ';')
            {
                return "something follows a quoted value.";
            }

            rest = rest[1..];
        }
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> text, out string value)
    {
        if (text.Length == 0 || text[0] != '"')
        {
            var end = text.IndexOfAny(';', ',');
            value = text[..(end < 0 ? text.Length : end)].ToString();
            text = text[value.Length..];
            return true;
        }

        var unescaped = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    value = unescaped.ToString();
                    text = text[(i + 1)..];
                    return true;
                case '\\' when i + 1 < text.Length:
                    unescaped.Append(text[++i]);
                    break;
                default:
                    unescaped.Append(text[i]);
                    break;
            }
        }

        value = string.Empty;
        return false;
    }

    /// <summary>Reads one certificate more than is allowed, which is enough to be refused as too large.</summary>
    private static bool TryReadCertificates(string encoded, List<byte[]> certificates)
    {
        if (!TryDecode(encoded, out var pem))
        {
            return false;
        }

        var rest = pem.AsSpan().Trim();
        while (rest.Length > 0 && certificates.Count <= PeerCertificates.MaxIntermediates + 1)
        {
            if (!PemEncoding.TryFind(rest, out var fields) || fields.Location.Start.Value != 0 || rest[fields.Label] is not "CERTIFICATE")
            {
                return false;
            }

            var der = new byte[fields.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out var length) || length != der.Length)
            {
                return false;
            }

            certificates.Add(der);
            rest = rest[fields.Location.End..].TrimStart();
        }

        return true;
    }

    // RFC 3986 section 2.1. A plus sign is itself, as base64 has it.
    private static bool TryDecode(string encoded, out string decoded)
    {
        var text = new StringBuilder(encoded.Length);
        decoded = string.Empty;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                text.Append(encoded[i]);
            }
            else if (i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                text.Append((char)Convert.FromHexString(encoded.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return false;
            }
        }

        decoded = text.ToString();
        return true;
    }

    private static Rejection Malformed(string detail) => AspNetCoreRejections.Refuse(
        AspNetCoreRejectionReason.ForwardedCertificateMalformed, "X-Forwarded-Client-Cert cannot be read: " + detail);
}
