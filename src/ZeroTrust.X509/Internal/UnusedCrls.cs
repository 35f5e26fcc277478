using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>The CRLs that were asked about a certificate and could not tell its status, for the operator who finds them loaded.</summary>
internal sealed class UnusedCrls
{
    private const int Shown = 3;

    private readonly List<(CertificateRevocationList Crl, string Why)> _crls = [];

    /// <summary>When the first of them is followed by another.</summary>
    public DateTimeOffset? NextUpdate => _crls.Count > 0 ? _crls[0].Crl.NextUpdate : null;

    /// <param name="crl">The CRL. At another distribution point the first answer stays.</param>
    /// <param name="why">Follows "because".</param>
    public void Add(CertificateRevocationList crl, string why)
    {
        if (!_crls.Exists(known => ReferenceEquals(known.Crl, crl)))
        {
            _crls.Add((crl, why));
        }
    }

    /// <summary>Why none told: what each is not used for, or of whom the loaded ones are.</summary>
    public string Explain(string issuer, CrlSet loaded) => _crls.Count > 0
        ? Several(_crls.Select(unused => $"the CRL {unused.Crl} is not used because {unused.Why}"), "; ")
        : $"there is none of '{LogText.Fact(issuer)}', {(loaded.Count == 0 ? "and no other" : $"but of {Several(Issuers(loaded), ", ")}")}";

    private static IEnumerable<string> Issuers(CrlSet loaded) =>
        loaded.Select(crl => crl.IssuerName).Distinct(StringComparer.Ordinal).Select(name => $"'{LogText.Fact(name)}'");

    private static string Several(IEnumerable<string> all, string separator)
    {
        string[] items = [.. all];
        return string.Join(separator, items.Take(Shown)) + (items.Length > Shown ? $"{separator}and {items.Length - Shown} more" : string.Empty);
    }
}
