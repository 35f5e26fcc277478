using System.Buffers;

namespace ZeroTrust.Shared;

/// <summary>
/// The headers in which proxies hand on a client's certificate or what it says: by family, and by shape and words where no family has the
/// name.
/// </summary>
/// <remarks>The page <c>docs/reference/certificate-headers.md</c> lists each with its source; a test compares both.</remarks>
internal static class CertificateHeaderFamilies
{
    /// <summary>RFC 9440 section 2.2; one of the two that are read, from listed proxies.</summary>
    public const string Leaf = "client-cert";

    /// <summary>RFC 9440 section 2.3.</summary>
    public const string Chain = "client-cert-chain";

    /// <summary>What stands for a name that is longer than any of a proxy and holds one of the markers.</summary>
    public const string TooLong = "*long*";

    /// <summary>
    /// A name of a header is spelled in letters, digits and hyphens; a star stands for whatever follows. The first that fits counts.
    /// </summary>
    public static readonly string[] Families =
    [
        Chain,
        Leaf,
        "x-forwarded-client-cert",
        "x-client-cert",
        "x-ssl-client-cert",
        "ssl-client-cert",
        "x-ssl-cert",
        "x-arr-clientcert",
        "x-amzn-mtls-*",
        "x-forwarded-tls-client-*",
        "ssl-client-*",
        "x-ssl-client-*",
        "x-ssl-*",
        "ssl-c-*",
        "x-client-cert*",
        "x-client-verif*",
        "x-client-dn",
        "x-client-s-dn",
        "x-client-i-dn",
        "x-client-subject-dn",
        "x-client-issuer-dn",
        "cf-client-cert-*",
        "cf-cert-*",
        "cloudfront-viewer-cert-*",
        "client-to-edge",
        "l5d-client-id",
        "wl-proxy-client-cert",
        "proxy-auth-cert",
        "proxy-user-dn",
        "proxy-issuer-dn",
        "cert-chain*",
    ];

    /// <summary>Letters and digits in a row, whatever stands between them in the header's name.</summary>
    public static readonly string[] Shapes =
    [
        "clientcert", "peercert", "viewercert", "usercert", "sslcert", "tlscert", "sslclient", "tlsclient", "sslsubject",
        "tlssubject", "sslissuer", "tlsissuer",
        "subjectdn", "issuerdn", "clientverif", "clientx509", "clientsubject", "clientissuer", "clientserial", "clientdistinguished",
        "peersubject", "certsubject",
        "certissuer", "certserial", "certfingerprint", "certthumbprint", "commonname", "spiffeid",
    ];

    // Of every name above one is a part: what holds none of them is no header of concern, which is nearly every header there is.
    public static readonly SearchValues<string> Markers =
        SearchValues.Create(
        [
            "client", "cert", "ssl", "tls", "subject", "issuer", "xfcc", "wscc", "wsru", "proxy", "peer", "verified", "dn", "spiffe",
            "common",
        ],
        StringComparison.OrdinalIgnoreCase);

    // As the metric tells them: a closed set.
    private static readonly string[] ShapeNames = [.. Shapes.Select(static shape => $"*{shape}*")];

    /// <param name="spelled">The name in small letters, digits and hyphens.</param>
    /// <param name="squeezed">The same without hyphens.</param>
    /// <returns>The family, shape or word that fits; null where none does.</returns>
    public static string? Find(ReadOnlySpan<char> spelled, ReadOnlySpan<char> squeezed) =>
        FindFamily(spelled) ?? FindShape(squeezed) ?? CertificateHeaderWords.Find(spelled);

    /// <summary>The family alone.</summary>
    public static string? FindFamily(ReadOnlySpan<char> spelled)
    {
        foreach (var family in Families)
        {
            if (Fits(spelled, family))
            {
                return family;
            }
        }

        return null;
    }

    /// <summary>Whether a name is of a family: the whole name, or followed by more words of it; with a star, by anything.</summary>
    public static bool Fits(ReadOnlySpan<char> spelled, string family)
    {
        if (family[^1] == '*')
        {
            return spelled.StartsWith(family.AsSpan(0, family.Length - 1));
        }

        return spelled.StartsWith(family) && (spelled.Length == family.Length || spelled[family.Length] == '-');
    }

    private static string? FindShape(ReadOnlySpan<char> squeezed)
    {
        for (var i = 0; i < Shapes.Length; i++)
        {
            if (squeezed.Contains(Shapes[i], StringComparison.Ordinal))
            {
                return ShapeNames[i];
            }
        }

        return null;
    }
}
