using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.AspNetCore.Tests.Chains;

/// <summary>
/// A root, and an issuing CA below it that changed its key and kept its name: with key identifiers, or as small CAs are made, without.
/// </summary>
internal sealed class RenewedCa
{
    private const string Top = "CN=root of renewed";
    private const string Issuing = "CN=issuing";
    private const string Client = "CN=client";

    private readonly bool _hasIds;
    private readonly ECDsa _rootKey = NewKey();
    private readonly ECDsa _oldKey = NewKey();
    private readonly ECDsa _newKey = NewKey();
    private readonly byte[] _root;
    private readonly byte[] _old;
    private readonly byte[] _new;

    public RenewedCa(bool hasIds)
    {
        _hasIds = hasIds;
        _root = Sign(Ca, _rootKey, Top, _rootKey, Top);
        _old = Sign(Ca, _oldKey, Top, _rootKey);
        _new = Sign(Ca, _newKey, Top, _rootKey);
    }

    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(_root);

    /// <summary>A chain by its name in the tests.</summary>
    public SentChain this[string name]
    {
        get
        {
            var key = NewKey();
            return name switch
            {
                "the issuing CA alone" => new([Leaf(key, _newKey), _new], key),
                "the old one first" => new([Leaf(key, _newKey), _old, _new], key),
                "the new one first" => new([Leaf(key, _newKey), _new, _old], key),
                "the old one first and the root" => new([Leaf(key, _newKey), _old, _new, _root], key),
                "two strangers of the name first" => new([Leaf(key, _newKey), Stranger(), Stranger(), _new], key),
                "the old one alone" => new([Leaf(key, _newKey), _old], key),
                "a leaf that a stranger signed" => new([Leaf(key, NewKey()), _new], key),
                "a leaf that a stranger signed, both CAs" => new([Leaf(key, NewKey()), _old, _new], key),
                "a leaf that was changed" => new([Flip(Leaf(key, _newKey)), _new], key),
                "a CA that was changed" => new([Leaf(key, _newKey), Flip(_new)], key),
                "a leaf whose names cannot be parsed" => new([Leaf(key, _newKey, [0x30, 0x05, 0x86]), _new], key),
                "a stranger of the CA's name" => new([Leaf(key, _newKey), Stranger()], key),
                _ => throw new ArgumentOutOfRangeException(nameof(name)),
            };
        }
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    // The last octet of the signature, whose encoding stays whole.
    private static byte[] Flip(byte[] der)
    {
        byte[] changed = [.. der];
        changed[^1] ^= 1;
        return changed;
    }

    private static void Ca(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
    }

    private byte[] Stranger() => Sign(Ca, NewKey(), Top, _rootKey);

    private static X509Extension Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Mesh.Client));
        return names.Build();
    }

    private byte[] Leaf(ECDsa key, ECDsa issuerKey, byte[]? names = null) => Sign(
        request =>
        {
            request.CertificateExtensions.Add(names is null ? Names() : new X509Extension("2.5.29.17", names, critical: false));
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        },
        key,
        Issuing,
        issuerKey,
        Client);

    private byte[] Sign(Action<CertificateRequest> describe, ECDsa key, string issuer, ECDsa issuerKey, string subject = Issuing)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        describe(request);
        if (_hasIds)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
                new X509SubjectKeyIdentifierExtension(new PublicKey(issuerKey), critical: false)));
        }

        var now = TimeProvider.System.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = 0x40;
        using var certificate = request.Create(
            new X500DistinguishedName(issuer), X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddMinutes(-5), now.AddHours(subject == Client ? 1 : 100), serial);
        return certificate.RawData;
    }
}
