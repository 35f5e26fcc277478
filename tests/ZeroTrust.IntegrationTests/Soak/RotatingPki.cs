using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Soak;

/// <summary>A PKI in files that is replaced piece by piece while others use it: roots with an issuer each, leaves, and a CRL of each authority.</summary>
internal sealed class RotatingPki : IDisposable
{
    private const string Domain = "example.test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-soak-");
    private readonly Dictionary<string, TestCertificate> _leaves = new(StringComparer.Ordinal);
    private readonly List<X509Certificate2> _revoked = [];
    private Authority _current = new(0);
    private Authority? _former;

    public RotatingPki()
    {
        PublishCrls();
        PublishAnchors();
    }

    public int Roots { get; private set; } = 1;

    public int TrustedRoots => Trusted().Length;

    public int Crls { get; private set; }

    public int Leaves { get; private set; }

    public static string WorkloadOf(string name) => $"spiffe://{Domain}/{name}";

    public string LeafOf(string name) => Convert.ToHexStringLower(SHA256.HashData(_leaves[name].Certificate.RawDataMemory.Span));

    public Dictionary<string, string?> SettingsOf(string name) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Mtls:TrustDomain"] = Domain,
        ["ZeroTrust:Mtls:ReloadInterval"] = "00:00:00.1",
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = PathOf(name + ".pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = PathOf(name + ".key"),
        [$"ZeroTrust:Mtls:TrustDomains:{Domain}:AnchorFile"] = PathOf("ca.pem"),
        [$"ZeroTrust:Mtls:TrustDomains:{Domain}:CrlFiles:0"] = PathOf("ca.crl"),
    };

    public void IssueLeaf(string name)
    {
        if (_leaves.Remove(name, out var old))
        {
            old.Dispose();
        }

        var leaf = _current.Issuer.Issue(WorkloadOf(name));
        leaf.WriteTo(_folder.FullName, name);
        _leaves[name] = leaf;
        Leaves++;
    }

    public void Revoke(string name)
    {
        _revoked.Add(X509CertificateLoader.LoadCertificate(_leaves[name].Certificate.RawDataMemory.Span));
        PublishCrls();
    }

    public void PublishCrls()
    {
        Write("ca.crl", string.Join('\n', Trusted().SelectMany(authority => authority.Crls(_revoked))));
        Crls++;
    }

    /// <summary>Trusts a new root beside the current one, and issues from it from now on.</summary>
    public void IntroduceRoot()
    {
        _former = _current;
        _current = new Authority(Roots++);

        // First its CRLs: an authority without one is refused.
        PublishCrls();
        PublishAnchors();
    }

    /// <summary>Trusts the current root alone.</summary>
    public void RetireFormerRoot()
    {
        _former?.Dispose();
        _former = null;
        PublishAnchors();
        PublishCrls();
    }

    public void Dispose()
    {
        foreach (var certificate in _revoked)
        {
            certificate.Dispose();
        }

        foreach (var leaf in _leaves.Values)
        {
            leaf.Dispose();
        }

        _former?.Dispose();
        _current.Dispose();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private Authority[] Trusted() => _former is null ? [_current] : [_former, _current];

    private void PublishAnchors() => Write("ca.pem", string.Join('\n', Trusted().Select(authority => authority.Root.AnchorPem)));

    private void Write(string file, string text)
    {
        var path = PathOf(file);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed class Authority : IDisposable
    {
        public Authority(int number)
        {
            Root = TestCertificateAuthority.Create($"root {number}");
            Issuer = Root.CreateIntermediate($"issuer {number}");
        }

        public TestCertificateAuthority Root { get; }

        public TestCertificateAuthority Issuer { get; }

        public IEnumerable<string> Crls(IEnumerable<X509Certificate2> revoked)
        {
            var own = revoked.Where(certificate => certificate.Issuer == Issuer.Certificate.Subject);
            yield return PemEncoding.WriteString("X509 CRL", Root.IssueCrl([]).Der.Span);
            yield return PemEncoding.WriteString("X509 CRL", Issuer.IssueCrl(own).Der.Span);
        }

        public void Dispose()
        {
            Issuer.Dispose();
            Root.Dispose();
        }
    }
}
