using System.Net;
using ZeroTrust.Testing;

namespace ZeroTrust.PeerTests.Service;

/// <summary>The files of a service and of those who call it, each as its owner would have them.</summary>
internal sealed class PeerPki : IDisposable
{
    public const string Domain = "example.test";
    public const string Listed = "spiffe://example.test/listed";
    public const string Denied = "spiffe://example.test/denied";

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("mesh root");
    private readonly TestCertificateAuthority _foreignRoot = TestCertificateAuthority.Create("foreign root");
    private readonly TestCertificateAuthority _issuer;

    public PeerPki()
    {
        _issuer = _root.CreateIntermediate("mesh issuer");
        AnchorFile = _root.WriteAnchorTo(Folder);
        DenyListFile = Path.Combine(Folder, "denied");
        Deny(Denied);
        RenewService();
    }

    public string AnchorFile { get; }

    public string DenyListFile { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("zt-foreign-").FullName;

    public void Deny(string workload)
    {
        File.WriteAllText(DenyListFile + ".new", $"workload {workload}\nend\n");
        File.Move(DenyListFile + ".new", DenyListFile, overwrite: true);
    }

    /// <summary>Issues the service's certificate anew, at the same place.</summary>
    public void RenewService() => Write(_issuer, "service", static options =>
    {
        options.SpiffeId = "spiffe://example.test/service";
        options.DnsNames.Add("localhost");
        options.IpAddresses.Add(IPAddress.Loopback);
    });

    /// <summary>What a caller shows who is refused for the reason, or <see cref="Refusal.None"/> for one who is served.</summary>
    public ClientFiles Issue(Refusal refusal)
    {
        if (refusal == Refusal.CertificateMissing)
        {
            return new(AnchorFile, null, null);
        }

        var (certificate, key) = Write(refusal == Refusal.UntrustedAnchor ? _foreignRoot : _issuer, refusal.ToString(), options =>
        {
            options.SpiffeId = refusal switch
            {
                Refusal.PeerNotListed => "spiffe://example.test/unlisted",
                Refusal.WorkloadDenied => Denied,
                _ => Listed,
            };
            options.ClientAuth = refusal != Refusal.ExtendedKeyUsage;
            if (refusal == Refusal.Expired)
            {
                options.NotBefore = TimeProvider.System.GetUtcNow().AddHours(-3);
                options.NotAfter = TimeProvider.System.GetUtcNow().AddHours(-2);
            }
        });
        return new(AnchorFile, certificate, key);
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _root.Dispose();
        _foreignRoot.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    // In a folder of its own, then moved: a reader never sees half of it.
    private (string Certificate, string Key) Write(TestCertificateAuthority issuer, string name, Action<TestLeafOptions> configure)
    {
        using var leaf = issuer.Issue(configure);
        var staged = Directory.CreateDirectory(Path.Combine(Folder, "staged")).FullName;
        var (certificate, key) = leaf.WriteTo(staged, name);
        return (Place(certificate), Place(key));
    }

    private string Place(string staged)
    {
        var path = Path.Combine(Folder, Path.GetFileName(staged));
        File.Move(staged, path, overwrite: true);
        return path;
    }
}
