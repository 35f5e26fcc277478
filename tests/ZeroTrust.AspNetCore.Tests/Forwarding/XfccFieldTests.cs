using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

public sealed class XfccFieldTests : IDisposable
{
    private readonly Mesh _mesh = new();
    private readonly TestCertificate _client;
    private readonly TestCertificate _other;

    public XfccFieldTests()
    {
        _client = _mesh.Intermediate.Issue(Mesh.Client);
        _other = _mesh.Intermediate.Issue("spiffe://example.test/billing");
    }

    private string Leaf => Encode(_client.ToPeerCertificates().LeafDer);

    private string Hash => _client.ToPeerCertificates().LeafSha256;

    private string Intermediate => Encode(_mesh.Intermediate.Certificate.RawData);

    public void Dispose()
    {
        _other.Dispose();
        _client.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void Certificate_and_chain_as_Envoy_writes_them_are_read()
    {
        const string names = "Subject=\"CN=a\\\"b;c,d=\";URI=spiffe://example.test/other;DNS=a;DNS=b";
        var read = XfccField
            .Read($"By=spiffe://example.test/ingress;Hash={Hash};Cert=\"{Leaf}\";Chain=\"{Leaf}{Intermediate}\";{names}")
            .GetOrThrow();

        Assert.Equal(Hash, read.LeafSha256);
        Assert.Equal(_mesh.Intermediate.Certificate.RawData, Assert.Single(read.IntermediatesDer).ToArray());
    }

    [Theory]
    [InlineData("Cert=\"{leaf}\"", 0)]
    [InlineData("cert={leaf}", 0)]
    [InlineData("Chain=\"{leaf}{ca}\"", 1)]
    [InlineData("CHAIN=\"{leaf}{ca}\";HASH={hash}", 1)]
    [InlineData("Cert=\"{leaf}\";Chain=\"{leaf}\"", 0)]
    [InlineData("Cert=\"{leaf}\";URI=a;URI=b;By=c;By=d", 0)]
    [InlineData("Hash={HASH};Cert=\"{leaf}\"", 0)]
    [InlineData("Cert=\"{leaf}\";Subject=\"", -1)]
    [InlineData("Cert=\"{leaf}", -1)]
    [InlineData("Cert=\"{leaf}\"x", -1)]
    [InlineData("Cert=\"{leaf}\";", -1)]
    [InlineData("Cert=\"{leaf}\";;By=a", -1)]
    [InlineData("Cert=\"{leaf}\";By", -1)]
    [InlineData("=\"{leaf}\"", -1)]
    [InlineData(" Cert=\"{leaf}\"", -1)]
    [InlineData("Cert =\"{leaf}\"", -1)]
    [InlineData("", -1)]
    [InlineData("Cert=\"{leaf}\",Cert=\"{leaf}\"", -1)]
    [InlineData("Cert=\"{leaf}\",", -1)]
    [InlineData("By=a,By=b;Cert=\"{leaf}\"", -1)]
    [InlineData("By=a;Cert=\"{leaf}\",By=b", -1)]
    [InlineData("Cert=\"{leaf}\";Cert=\"{leaf}\"", -1)]
    [InlineData("Cert=\"{leaf}\";cert=\"{other}\"", -1)]
    [InlineData("Chain=\"{leaf}\";Chain=\"{leaf}\"", -1)]
    [InlineData("Hash={hash};Hash={hash};Cert=\"{leaf}\"", -1)]
    [InlineData("Hash={other-hash};Cert=\"{leaf}\"", -1)]
    [InlineData("Hash={hash};URI=spiffe://example.test/a;Cert=\"{other}\"", -1)]
    [InlineData("Hash=;Cert=\"{leaf}\"", -1)]
    [InlineData("Hash={hash}0;Cert=\"{leaf}\"", -1)]
    [InlineData("Hash={other-hash};Chain=\"{leaf}{ca}\"", -1)]
    [InlineData("Cert=\"{leaf}{ca}\"", -1)]
    [InlineData("Cert=\"{leaf}\";Chain=\"{ca}\"", -1)]
    [InlineData("Cert=\"{leaf}\";Chain=\"{ca}{leaf}\"", -1)]
    [InlineData("Cert=\"{leaf}\";Chain=\"{other}{ca}\"", -1)]
    [InlineData("Cert=\"{leaf}\";Chain=\"\"", -1)]
    [InlineData("Cert=\"\"", -1)]
    [InlineData("Cert=\"{leaf}%\"", -1)]
    [InlineData("Cert=\"{leaf}%0\"", -1)]
    [InlineData("Cert=\"%zz{leaf}\"", -1)]
    [InlineData("Cert=\"x{leaf}\"", -1)]
    [InlineData("Chain=\"{leaf}x{ca}\"", -1)]
    [InlineData("Cert=\"-----BEGIN%20CERTIFICATE-----%0A-----END%20CERTIFICATE-----%0A\"", 0)]
    [InlineData("Cert=\"-----BEGIN%20PRIVATE%20KEY-----%0AAAAA%0A-----END%20PRIVATE%20KEY-----%0A\"", -1)]
    public void A_value_is_read_exactly(string template, int intermediates)
    {
        var other = _other.ToPeerCertificates();
        var value = template.Replace("{leaf}", Leaf, StringComparison.Ordinal)
            .Replace("{ca}", Intermediate, StringComparison.Ordinal)
            .Replace("{other}", Encode(other.LeafDer), StringComparison.Ordinal)
            .Replace("{hash}", Hash, StringComparison.Ordinal)
            .Replace("{HASH}", Hash.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{other-hash}", other.LeafSha256, StringComparison.Ordinal);
        var verdict = XfccField.Read(value);

        if (intermediates < 0)
        {
            Assert.Equal("aspnetcore.forwarded_certificate_malformed", verdict.Rejection!.Code);
        }
        else
        {
            Assert.Equal(intermediates, verdict.GetOrThrow().IntermediatesDer.Count);
        }
    }

    [Theory]
    [InlineData("By=spiffe://example.test/ingress;Hash=00;URI=spiffe://example.test/gateway")]
    [InlineData("URI=spiffe://example.test/gateway")]
    public void What_names_a_client_without_its_certificate_is_no_certificate(string value) =>
        Assert.Equal("aspnetcore.forwarded_certificate_missing", XfccField.Read(value).Rejection!.Code);

    [Fact]
    public void Two_lines_are_refused() =>
        Assert.Equal(
            "aspnetcore.forwarded_certificate_malformed",
            XfccField.Read(new StringValues([$"Cert=\"{Leaf}\"", $"Cert=\"{Leaf}\""])).Rejection!.Code);

    [Fact]
    public void As_many_intermediates_as_are_allowed_are_read_and_one_more_is_refused()
    {
        var most = string.Concat(Enumerable.Repeat(Intermediate, PeerCertificates.MaxIntermediates));

        Assert.Equal(PeerCertificates.MaxIntermediates, XfccField.Read($"Chain=\"{Leaf}{most}\"").GetOrThrow().IntermediatesDer.Count);
        Assert.Equal("mtls.too_large", XfccField.Read($"Chain=\"{Leaf}{most}{Intermediate}\"").Rejection!.Code);
        Assert.Equal(
            "mtls.too_large", XfccField.Read($"Chain=\"{Leaf}{string.Concat(Enumerable.Repeat(Intermediate, 80))}\"").Rejection!.Code);
    }

    [Fact]
    public void A_value_of_more_characters_than_any_is_refused_unread() =>
        Assert.Contains(
            "more than",
            XfccField.Read("By=" + new string('a', 4 * PeerCertificates.MaxBytes)).Rejection!.Detail,
            StringComparison.Ordinal);

    [Fact]
    public void A_value_with_any_character_changed_or_missing_names_no_other_certificate()
    {
        var value = $"By=a;Hash={Hash};Cert=\"{Leaf}\";Subject=\"CN=a\\\"b\"";
        for (var at = 0; at < value.Length; at++)
        {
            Assert.True(IsRefusedOrSame(value.Remove(at, 1)));
            foreach (var letter in "\",;=%\\-A+\n ")
            {
                Assert.True(IsRefusedOrSame(value.Remove(at, 1).Insert(at, letter.ToString())));
            }
        }
    }

    private bool IsRefusedOrSame(string value) =>
        XfccField.Read(value) is not { IsAccepted: true, Value: var read } || read.LeafSha256 == Hash
        || !value.Contains("Hash=", StringComparison.OrdinalIgnoreCase);

    internal static string Encode(ReadOnlyMemory<byte> der)
    {
        // What Envoy encodes, and nothing else.
        var pem = PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n";
        foreach (var letter in "\n +/=")
        {
            pem = pem.Replace(letter.ToString(), Uri.HexEscape(letter), StringComparison.Ordinal);
        }

        return pem;
    }
}
