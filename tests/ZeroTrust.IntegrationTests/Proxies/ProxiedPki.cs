using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>A trust domain with callers whose leaves need none, one and two intermediates, a service and its proxy.</summary>
internal sealed class ProxiedPki : IDisposable
{
    public const string Domain = "example.test";
    public const string Gateway = "spiffe://example.test/gateway";
    public const string Ingress = "spiffe://example.test/ingress";
    public const string Orders = "spiffe://example.test/orders";
    public const string ServiceName = "orders.shop.svc";

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("root");
    private readonly TestCertificateAuthority _first;
    private readonly TestCertificateAuthority _second;
    private readonly TestCertificate _ingress;
    private readonly TestCertificate _service;
    private readonly List<TestCertificate> _issued = [];

    public ProxiedPki()
    {
        _first = _root.CreateIntermediate("first intermediate");
        _second = _first.CreateIntermediate("second intermediate");
        _ingress = Issue(_first, Ingress, "localhost");
        _service = Issue(_first, Orders, ServiceName, "localhost");
    }

    public TestCertificateAuthority Root => _root;

    public TestCertificateAuthority First => _first;

    public PeerCredential Service => _service.ToCredential();

    /// <summary>A leaf that needs this many intermediates.</summary>
    public TestCertificate Caller(int intermediates, string workload = Gateway) =>
        Issue(intermediates switch { 0 => _root, 1 => _first, _ => _second }, workload);

    public void WriteTo(string folder)
    {
        var (certificate, key) = _ingress.WriteTo(folder, "ingress");
        File.Copy(certificate, Path.Combine(folder, "ingress.crt"));
        File.WriteAllText(certificate, File.ReadAllText(certificate) + File.ReadAllText(key));
        var (service, _) = _service.WriteTo(folder, "orders");
        File.Copy(service, Path.Combine(folder, "orders.crt"));
        File.WriteAllText(service, File.ReadAllText(service) + File.ReadAllText(Path.Combine(folder, "orders.key")));
        _root.WriteAnchorTo(folder, "anchors");
    }

    public void Dispose()
    {
        _issued.ForEach(static certificate => certificate.Dispose());
        _ingress.Dispose();
        _service.Dispose();
        _second.Dispose();
        _first.Dispose();
        _root.Dispose();
    }

    private TestCertificate Issue(TestCertificateAuthority authority, string workload, params string[] names)
    {
        var certificate = authority.Issue(options =>
        {
            options.SpiffeId = workload;
            Array.ForEach(names, options.DnsNames.Add);
        });
        _issued.Add(certificate);
        return certificate;
    }
}
