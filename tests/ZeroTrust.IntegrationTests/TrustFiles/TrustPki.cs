using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>Whom the service trusts and whom it does not, and the versions of every input that say so.</summary>
public sealed class TrustPki : IDisposable
{
    public const string Domain = "example.test";
    public const string Valid = "spiffe://example.test/valid";
    public const string Listed = "spiffe://example.test/listed";
    public const string Server = "spiffe://example.test/server";

    private const int Many = 14;
    private const int Fewer = 10;
    private const int EntriesOfOne = 10;

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("trusted root");
    private readonly TestCertificateAuthority _stranger = TestCertificateAuthority.Create("unknown root");
    private readonly TestCertificateAuthority _intermediate;
    private readonly TestCertificateAuthority[] _others;
    private readonly TestCertificate[] _gone;
    private int _number;

    public TrustPki()
    {
        _intermediate = _root.CreateIntermediate("issuer");
        _others = [.. Enumerable.Range(1, Many).Select(number => TestCertificateAuthority.Create($"other root {number}"))];
        ValidPeer = _intermediate.Issue(Valid);
        ListedPeer = _intermediate.Issue(Listed);
        RevokedPeer = _intermediate.Issue(Valid);
        UnknownPeer = _stranger.Issue(Valid);
        _gone = [.. Enumerable.Range(0, Many * EntriesOfOne).Select(_ => _intermediate.Issue(Valid))];
    }

    public X509Certificate2 Root => _root.Certificate;

    public TestCertificate ValidPeer { get; }

    public TestCertificate ListedPeer { get; }

    public TestCertificate RevokedPeer { get; }

    public TestCertificate UnknownPeer { get; }

    internal TokenService Tokens { get; } = new();

    /// <summary>Anchors: the one that is needed comes last.</summary>
    internal TrustVersion Anchors(bool isLong, bool asPkcs12)
    {
        var anchors = new X509Certificate2Collection((X509Certificate2[])[.. _others.Take(Count(isLong)).Select(other => other.Certificate), _root.Certificate]);
        var content = asPkcs12 ? anchors.Export(X509ContentType.Pkcs12)! : Described(isLong, anchors.ExportCertificatePems());
        return new(Files((asPkcs12 ? "ca.p12" : "ca.pem", content)), service => service.Bundle.Anchors.Count == anchors.Count);
    }

    internal TrustVersion Own(bool isLong, bool asPkcs12) => Credential(isLong, asPkcs12, "own", options => options.SpiffeId = Server, service => service.OwnLeaf);

    internal TrustVersion Edge(bool isLong) => Credential(isLong, asPkcs12: false, "edge", options => options.DnsNames.Add("shop.example"), service => service.EdgeLeaf);

    internal TrustVersion Crls(bool isLong)
    {
        var revoked = _gone.Take(Count(isLong) * EntriesOfOne).Append(RevokedPeer).Select(leaf => leaf.Certificate);
        CertificateRevocationList[] crls = [_root.IssueCrl([]), _intermediate.IssueCrl(revoked)];
        var text = string.Join('\n', crls.Select(crl => PemEncoding.WriteString("X509 CRL", crl.Der.Span)));
        return new(
            Files(("ca.crl", Encoding.UTF8.GetBytes(text))),
            service => service.Bundle.Crls!.Any(crl => crl.Der.Span.SequenceEqual(crls[1].Der.Span)));
    }

    /// <summary>Whom the list must deny stands on its last line but <c>end</c>.</summary>
    internal TrustVersion DenyList(bool isLong, bool hasEnd)
    {
        var marker = $"spiffe://example.test/marker-{++_number}";
        var lines = Enumerable.Range(1, Count(isLong) * EntriesOfOne).Select(number => $"spiffe://example.test/denied-{number}").Prepend(marker).Append(Listed);
        var text = string.Concat(lines.Select(line => $"workload {line} # gone\n")) + (hasEnd ? "end\n" : string.Empty);
        return new(Files(("denied", Encoding.UTF8.GetBytes(text))), service => service.Denied.Denies(WorkloadId.Parse(marker)));
    }

    internal TrustVersion Keys(bool isLong)
    {
        var keyId = $"key-{++_number}";
        return new(Files(("keys.json", Tokens.Document(Count(isLong), keyId))), service => service.KeyIds.Contains(keyId, StringComparer.Ordinal));
    }

    public void Dispose()
    {
        foreach (var leaf in _gone.Append(ValidPeer).Append(ListedPeer).Append(RevokedPeer).Append(UnknownPeer))
        {
            leaf.Dispose();
        }

        foreach (var other in _others)
        {
            other.Dispose();
        }

        _intermediate.Dispose();
        _root.Dispose();
        _stranger.Dispose();
        Tokens.Dispose();
    }

    private static int Count(bool isLong) => isLong ? Many : Fewer;

    private static Dictionary<string, byte[]> Files(params (string Name, byte[] Content)[] files) =>
        files.ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);

    private TrustVersion Credential(bool isLong, bool asPkcs12, string name, Action<TestLeafOptions> configure, Func<LiveService, string?> leafOf)
    {
        using var leaf = _intermediate.Issue(options =>
        {
            configure(options);
            options.CommonName = isLong ? "a longer name of the leaf" : "leaf";
            options.IpAddresses.Add(IPAddress.Loopback);
        });
        var sha256 = leaf.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var files = asPkcs12
            ? Files((name + ".p12", new X509Certificate2Collection((X509Certificate2[])[leaf.Certificate, _intermediate.Certificate]).Export(X509ContentType.Pkcs12)!))
            : Files((name + ".pem", Described(isLong, leaf.ChainPem)), (name + ".key", Described(isLong, leaf.KeyPem)));
        return new(files, service => leafOf(service) == sha256);
    }

    private static byte[] Described(bool isLong, string pem) => Encoding.UTF8.GetBytes((isLong ? "Written by the longer of two tools\n" : string.Empty) + pem + "\n");
}
