using System.Security.Cryptography;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>Rule 1: three headers taken apart. Everything is well formed and nothing is believed yet.</summary>
internal sealed class ReceivedChain
{
    private const int MaxCertificates = 16;

    private ReceivedChain(ParsedToken<RootClaims> root, IReadOnlyList<ParsedToken<LinkClaims>> links, IReadOnlyList<string> encodedCertificates, IReadOnlyDictionary<string, byte[]> certificates)
    {
        Root = root;
        Links = links;
        Certificates = certificates;
        Wire = new ContextWire(root.Compact, [.. links.Select(link => link.Compact)], encodedCertificates);
    }

    internal ParsedToken<RootClaims> Root { get; }

    internal IReadOnlyList<ParsedToken<LinkClaims>> Links { get; }

    /// <summary>DER by base64url SHA-256.</summary>
    internal IReadOnlyDictionary<string, byte[]> Certificates { get; }

    internal ContextWire Wire { get; }

    internal static Verdict<ReceivedChain> Parse(TxnHeaders headers)
    {
        if (!TxnToken.ParseRoot(headers.Token).TryGet(out var root, out var rejection))
        {
            return rejection;
        }

        if (headers.Chain.Length == 0)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ChainMissing, "Txn-Chain: it is empty. A root alone is not accepted: its holder appends a link, on the first hop too.");
        }

        var compacts = headers.Chain.Split(TxnToken.Separator);
        if (compacts.Length > TxnHeaders.MaxLinks)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.ChainTooLong, $"Txn-Chain: {compacts.Length} links, {TxnHeaders.MaxLinks} at most.");
        }

        var links = new List<ParsedToken<LinkClaims>>(compacts.Length);
        for (var i = 0; i < compacts.Length; i++)
        {
            if (!TxnToken.ParseLink(compacts[i], i, compacts.Length).TryGet(out var link, out rejection))
            {
                return rejection;
            }

            links.Add(link);
        }

        var encoded = headers.Certs.Split(TxnToken.Separator);
        return ParseCertificates(encoded).TryGet(out var certificates, out rejection)
            ? new ReceivedChain(root, links, encoded, certificates)
            : rejection;
    }

    private static Verdict<Dictionary<string, byte[]>> ParseCertificates(string[] encoded)
    {
        if (encoded.Length > MaxCertificates)
        {
            return Malformed($"{encoded.Length} certificates, {MaxCertificates} at most");
        }

        var certificates = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < encoded.Length; i++)
        {
            var text = encoded[i];
            if (text.Length == 0 || !CanonicalBase64Url.TryDecode(text, out var der))
            {
                var fault = text.Length == 0
                    ? "empty"
                    : $"not base64url without padding (PEM and base64 are not read): {CanonicalBase64Url.FindFault(text)}";
                return Malformed($"certificate {i + 1} of {encoded.Length} is {fault}");
            }

            if (!certificates.TryAdd(CanonicalBase64Url.Encode(SHA256.HashData(der)), der))
            {
                return Malformed($"certificate {i + 1} of {encoded.Length} is there already");
            }
        }

        return certificates;
    }

    private static Rejection Malformed(string what) =>
        AuthzRejections.Refuse(AuthzRejectionReason.CertificatesMalformed, $"Txn-Certs: {what}.");
}
