using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>A root that may name <c>example.test</c> and what is below it, but <c>closed.example.test</c>.</summary>
internal sealed class ConstrainedAuthority : IDisposable
{
    private const string NameConstraints = "2.5.29.30";

    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Excluded = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Url = new(TagClass.ContextSpecific, 6);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public ConstrainedAuthority()
    {
        var request = new CertificateRequest("CN=constrained root - a test key", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(new X509Extension(NameConstraints, Constraints(), critical: true));
        _certificate = request.CreateSelfSigned(TestMesh.Start.AddDays(-1), TestMesh.Start.AddYears(1));
    }

    public string AnchorPem => _certificate.ExportCertificatePem();

    public TestCertificate Issue(string spiffeId, string dnsName)
    {
        var options = new TestLeafOptions { SpiffeId = spiffeId };
        options.DnsNames.Add(dnsName);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test leaf", key, HashAlgorithmName.SHA256);
        foreach (var extension in TestLeafExtensions.Of(options))
        {
            request.CertificateExtensions.Add(extension);
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = 1;
        using var leaf = request.Create(_certificate, TestMesh.Start.AddMinutes(-1), TestMesh.Start.AddHours(1), serial);
        return new TestCertificate(leaf.CopyWithPrivateKey(key), [], key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    // RFC 5280 section 4.2.1.10
    private static byte[] Constraints()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Permitted))
            {
                Write(Dns, "example.test");
                Write(Url, "example.test");
            }

            using (writer.PushSequence(Excluded))
            {
                Write(Dns, "closed.example.test");
            }
        }

        return writer.Encode();

        void Write(Asn1Tag kind, string name)
        {
            using (writer.PushSequence())
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, kind);
            }
        }
    }
}
