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
            return AuthzRejections.Refuse(AuthzRejectionReason.ChainMissing, "The chain has no link.");
        }

        var compacts = headers.Chain.Split(TxnToken.Separator);
        if (compacts.Length > TxnHeaders.MaxLinks)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ChainTooLong, $"The chain has {compacts.Length} links.");
        }

        var links = new List<ParsedToken<LinkClaims>>(compacts.Length);
        foreach (var compact in compacts)
        {
            if (!TxnToken.ParseLink(compact).TryGet(out var link, out rejection))
            {
                return rejection;
            }

            links.Add(link);
        }

        var encoded = headers.Certs.Split(TxnToken.Separator);
        return ParseCertificates(encoded) is { } certificates
            ? new ReceivedChain(root, links, encoded, certificates)
            : AuthzRejections.Refuse(AuthzRejectionReason.CertificatesMalformed, "The certificates are not canonical, empty, repeated or too many.");
    }

    private static Dictionary<string, byte[]>? ParseCertificates(string[] encoded)
    {
        if (encoded.Length > MaxCertificates)
        {
            return null;
        }

        var certificates = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var text in encoded)
        {
            if (!CanonicalBase64Url.TryDecode(text, out var der) || der.Length == 0
                || !certificates.TryAdd(CanonicalBase64Url.Encode(SHA256.HashData(der)), der))
            {
                return null;
            }
        }

        return certificates;
    }
}
