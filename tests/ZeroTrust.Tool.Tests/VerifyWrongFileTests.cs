using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Testing;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

/// <summary>Files that hold no certificate of a peer are the user's fault; certificates that are damaged are the peer's.</summary>
public sealed class VerifyWrongFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("root", TimeProvider.System);
    private readonly string _ca;

    public VerifyWrongFileTests() => _ca = _root.WriteAnchorTo(_folder.Path);

    public static TheoryData<string, string> Wrong => new()
    {
        { "PKCS#12", "it is PKCS#12 (PFX); take its certificates out: openssl pkcs12 -in FILE -nokeys -out FILE.pem" },
        { "PKCS#12 cut off", "it is PKCS#12 (PFX); take its certificates out" },
        { "PKCS#7", "it is PKCS#7; convert it: openssl pkcs7 -inform DER -in FILE -print_certs -out FILE.pem" },
        { "PKCS#7 as PEM", "but a PKCS7 block (line 1); convert it: openssl pkcs7 -in FILE -print_certs -out FILE.pem" },
        { "PKCS#8", "it is a private key as DER" },
        { "SEC1", "it is a private key as DER" },
        { "CRL", "it is a CRL as DER, which goes with --crl" },
        { "request", "it is a request for a certificate as DER" },
        { "noise", "it is neither PEM nor DER" },
        { "text", "it is text that says nothing of the kind" },
        { "empty", "it is empty" },
    };

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_file_of_another_kind_is_told_with_its_conversion(string kind, string told) => (await AskAsync(Make(kind))).Failed(told);

    [Theory]
    [InlineData("cut off")]
    [InlineData("a byte changed")]
    [InlineData("bytes behind")]
    [InlineData("another version")]
    [InlineData("a sequence of nothing")]
    public async Task A_damaged_certificate_stays_a_peer_that_is_refused(string damage)
    {
        using var leaf = _root.Issue("spiffe://example.test/orders");
        var der = leaf.Certificate.RawData;
        byte[] damaged = damage switch
        {
            "cut off" => der[..^20],
            "a byte changed" => [.. der[..8], 0xFF, .. der[9..]],
            "bytes behind" => [.. der, 1, 2, 3],
            "another version" => [.. der[..12], 9, .. der[13..]],
            _ => [0x30, 0x00],
        };

        var run = await AskAsync(damaged);

        Assert.True(run.Code == 1, run.Output + run.Error);
        Assert.Contains("refused  ", run.Output, StringComparison.Ordinal);
        (await AskAsync(der)).Succeeded();
    }

    [Fact]
    public async Task Nothing_from_a_pipe_blames_the_command_before_it()
    {
        (await ToolRun.OfAsync("verify", "-", "--ca", _ca)).Failed("'-': it is empty: the command before the pipe sent nothing");

        var file = await AskAsync([]);
        file.Failed("it is empty");
        Assert.DoesNotContain("pipe", file.Error, StringComparison.Ordinal);
    }

    private byte[] Make(string kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = _root.Issue("spiffe://example.test/orders");
        var both = new X509Certificate2Collection { leaf.Certificate, _root.Certificate };
        return kind switch
        {
            "PKCS#12" => both.Export(X509ContentType.Pkcs12)!,
            "PKCS#12 cut off" => both.Export(X509ContentType.Pkcs12)![..200],
            "PKCS#7" => both.Export(X509ContentType.Pkcs7)!,
            "PKCS#7 as PEM" => Encoding.ASCII.GetBytes(PemEncoding.WriteString("PKCS7", both.Export(X509ContentType.Pkcs7)!)),
            "PKCS#8" => key.ExportPkcs8PrivateKey(),
            "SEC1" => key.ExportECPrivateKey(),
            "CRL" => _root.IssueCrl([]).Der.ToArray(),
            "request" => new CertificateRequest("CN=orders", key, HashAlgorithmName.SHA256).CreateSigningRequest(),
            "noise" => [0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 0xFE],
            "text" => "nothing of note"u8.ToArray(),
            _ => [],
        };
    }

    private Task<ToolRun> AskAsync(byte[] content) => ToolRun.OfAsync("verify", _folder.Write("peer.bin", content), "--ca", _ca);
}
