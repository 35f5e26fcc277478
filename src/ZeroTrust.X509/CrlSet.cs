using System.Collections;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>The CRLs a verification may look at. Immutable. Nothing is ever fetched.</summary>
public sealed class CrlSet : IReadOnlyCollection<CertificateRevocationList>
{
    private readonly CertificateRevocationList[] _crls;
    private readonly Dictionary<DistinguishedName, CertificateRevocationList[]> _byIssuer;

    /// <summary>Creates a set.</summary>
    /// <param name="crls">
    /// Complete and delta CRLs, of any issuer, in any order. One that a later one <see cref="CertificateRevocationList.Precedes">takes the
    /// place of</see> is not asked; of the others each can revoke.
    /// </param>
    /// <param name="issuers">
    /// Certificates of CRL issuers that peers do not send, for CRLs not signed by the CA's own key. They prove themselves by a path.
    /// </param>
    public CrlSet(IEnumerable<CertificateRevocationList> crls, IEnumerable<Certificate>? issuers = null)
    {
        ArgumentNullException.ThrowIfNull(crls);
        _crls = [.. crls];
        _byIssuer = _crls.GroupBy(crl => crl.Issuer).ToDictionary(group => group.Key, group => group.OrderByDescending(crl => crl.ThisUpdate).ToArray());
        Issuers = [.. (issuers ?? []).Select(issuer => issuer.Retain())];
    }

    /// <summary>The set without a CRL.</summary>
    public static CrlSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _crls.Length;

    internal Certificate[] Issuers { get; }

    /// <inheritdoc/>
    public IEnumerator<CertificateRevocationList> GetEnumerator() => _crls.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The CRLs of an issuer, the latest first.</summary>
    internal CertificateRevocationList[] Of(DistinguishedName issuer) => _byIssuer.GetValueOrDefault(issuer, []);
}
