using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>What development certificates look like: those of an X509-SVID (SPIFFE), on P-256.</summary>
internal static class DevCertificates
{
    private const string AlternativeNameOid = "2.5.29.17";
    private const string NameConstraintsOid = "2.5.29.30";
    private const int SerialBytes = 16;

    public static SpiffeId SpiffeIdOf(TrustDomain trustDomain, string service) => SpiffeId.Parse($"spiffe://{trustDomain}/{service}");

    public static CertificateRequest Authority(string name, ECDsa key, TrustDomain trustDomain, int pathLength)
    {
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(Name(trustDomain));
        return request;
    }

    public static CertificateRequest Leaf(string name, ECDsa key, SpiffeId id, IReadOnlyList<string> dnsNames)
    {
        var request = Request(name, key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(id.ToString()));
        foreach (var dnsName in dnsNames)
        {
            names.AddDnsName(dnsName);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(KeyPurposes.ServerAuth), new Oid(KeyPurposes.ClientAuth)], critical: false));
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    /// <summary>Name constraints (RFC 5280 section 4.2.1.10) that permit the trust domain, the names and loopback.</summary>
    public static X509Extension Permit(TrustDomain trustDomain, IReadOnlyList<string> dnsNames)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(Tag(0)))
        {
            foreach (var dnsName in dnsNames)
            {
                WriteSubtree(() => writer.WriteCharacterString(UniversalTagNumber.IA5String, dnsName, Tag(2)));
            }

            WriteSubtree(() => writer.WriteCharacterString(UniversalTagNumber.IA5String, trustDomain.ToString(), Tag(6)));
            WriteSubtree(() => writer.WriteOctetString([127, 0, 0, 0, 255, 0, 0, 0], Tag(7)));
            WriteSubtree(() => writer.WriteOctetString([.. IPAddress.IPv6Loopback.GetAddressBytes(), .. Enumerable.Repeat((byte)0xFF, 16)], Tag(7)));
        }

        return new X509Extension(NameConstraintsOid, writer.Encode(), critical: true);

        void WriteSubtree(Action writeBase)
        {
            using (writer.PushSequence())
            {
                writeBase();
            }
        }
    }

    public static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // Positive, and never shorter for a leading zero (RFC 5280 section 4.1.2.2).
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(issuer, notBefore, notAfter, serial);
    }

    /// <summary>The SPIFFE ID of a trust domain has no path (X509-SVID section 4.1); the platform's builder would add a slash.</summary>
    private static X509Extension Name(TrustDomain trustDomain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, $"spiffe://{trustDomain}", Tag(6));
        }

        return new X509Extension(AlternativeNameOid, writer.Encode(), critical: false);
    }

    private static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value);

    private static CertificateRequest Request(string commonName, ECDsa key)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("ZeroTrust development");
        name.AddCommonName(commonName);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
