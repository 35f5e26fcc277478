using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Benchmarks;

/// <summary>Certificates of peers who want the verification to take long. None of them leads to an acceptable path.</summary>
public static class HostilePeers
{
    private const string SubjectAltNameOid = "2.5.29.17";
    private const string NameConstraintsOid = "2.5.29.30";
    private const string PoliciesOid = "2.5.29.32";
    private const string MappingsOid = "2.5.29.33";
    private const string PolicyConstraintsOid = "2.5.29.36";
    private const string ServerAuthOid = "1.3.6.1.5.5.7.3.1";

    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = From.AddYears(1);
    private static int _serial;

    /// <summary>The kinds of attack.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "one name, one key", "one name, P-521 keys that signed nothing", "one name, RSA-8192 keys that signed nothing", "every layer signs the next",
        "names against constraints", "policies against mappings", "long names",
    ];

    /// <summary>The leaf first, then 1 to 100 intermediates, and the anchor they are held against.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public static (byte[][] Peer, byte[] Anchor) Make(string kind) => kind switch
    {
        "one name, one key" => OneNameOneKey(),
        "one name, P-521 keys that signed nothing" => WrongKeys(100, NewSigner(), () => new Signer(ECDsa.Create(ECCurve.NamedCurves.nistP521)).PublicKey),
        "one name, RSA-8192 keys that signed nothing" => WrongKeys(60, new Signer(RSA.Create(2048)), RandomRsaKey),
        "every layer signs the next" => Layers(),
        "names against constraints" => Names(),
        "policies against mappings" => Policies(),
        "long names" => LongNames(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of attack."),
    };

    private static Signer NewSigner() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static (byte[][] Peer, byte[] Anchor) OneNameOneKey()
    {
        var root = NewSigner();
        var key = NewSigner();
        var peer = Enumerable.Range(0, 100).Select(_ => Authority("CN=one", key, "CN=one", key));
        return ([Leaf("CN=one", key), .. peer], Authority("CN=one", root, "CN=one", root));
    }

    private static (byte[][] Peer, byte[] Anchor) WrongKeys(int count, Signer signer, Func<PublicKey> newKey)
    {
        var root = NewSigner();
        var peer = Enumerable.Range(0, count).Select(_ => Authority("CN=one", newKey(), "CN=root", root));
        return ([Leaf("CN=one", signer), .. peer], Authority("CN=root", root, "CN=root", root));
    }

    /// <summary>A number of the right size verifies as slowly as a modulus, and takes no search for primes.</summary>
    private static PublicKey RandomRsaKey()
    {
        var modulus = RandomNumberGenerator.GetBytes(1024);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        return new PublicKey(rsa);
    }

    private static (byte[][] Peer, byte[] Anchor) Layers()
    {
        var root = NewSigner();
        var keys = Enumerable.Range(0, 6).Select(_ => NewSigner()).ToArray();
        var peer = keys.SelectMany((key, layer) => Enumerable.Range(0, 16).Select(_ =>
            layer == 5 ? Authority($"CN=layer {layer}", key, "CN=root", root) : Authority($"CN=layer {layer}", key, $"CN=layer {layer + 1}", keys[layer + 1])));
        return ([Leaf("CN=layer 0", keys[0]), .. peer], Authority("CN=root", root, "CN=root", root, Constraints(["other.example"])));
    }

    private static (byte[][] Peer, byte[] Anchor) Names()
    {
        var root = NewSigner();
        var key = NewSigner();
        var constraints = Constraints([.. Enumerable.Range(0, 600).Select(n => $"host-{n}.{new string('a', 40)}.example")]);
        var names = Enumerable.Range(0, 600).Select(n => $"host-{n}.{new string('b', 40)}.example");
        return ([Leaf("CN=issuer", key, [.. names]), Authority("CN=issuer", key, "CN=root", root, constraints)], Authority("CN=root", root, "CN=root", root));
    }

    private static (byte[][] Peer, byte[] Anchor) Policies()
    {
        var root = NewSigner();
        var keys = Enumerable.Range(0, 6).Select(_ => NewSigner()).ToArray();
        var peer = keys.Select((key, layer) => Authority(
            $"CN=layer {layer}",
            key,
            layer == 5 ? "CN=root" : $"CN=layer {layer + 1}",
            layer == 5 ? root : keys[layer + 1],
            PolicyExtensions(count: 80)));
        return ([Leaf("CN=layer 0", keys[0]), .. peer], Authority("CN=root", root, "CN=root", root));
    }

    private static (byte[][] Peer, byte[] Anchor) LongNames()
    {
        var root = NewSigner();
        var key = NewSigner();
        var name = string.Join(',', Enumerable.Range(0, 60).Select(n => $"OU=unit {n}"));
        var peer = Enumerable.Range(0, 50).Select(_ => Authority(name, key, name.ToUpperInvariant().Replace("OU=UNIT", "OU=Unit", StringComparison.Ordinal), key));
        return ([Leaf(name, key), .. peer], Authority(name.Replace("unit", "UNIT", StringComparison.Ordinal), root, name, root));
    }

    private static byte[] Leaf(string issuer, Signer signer, string[]? names = null)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=leaf"), signer.PublicKey, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names ?? ["leaf.example"])
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(new X509Extension(new Oid(SubjectAltNameOid), alternatives.Build().RawData, critical: false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthOid)], critical: false));
        return Issue(request, issuer, signer);
    }

    private static byte[] Authority(string name, Signer key, string issuer, Signer signer, params X509Extension[] extensions) =>
        Authority(name, key.PublicKey, issuer, signer, extensions);

    private static byte[] Authority(string name, PublicKey key, string issuer, Signer signer, params X509Extension[] extensions)
    {
        var request = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return Issue(request, issuer, signer);
    }

    private static byte[] Issue(CertificateRequest request, string issuer, Signer signer)
    {
        var serial = BitConverter.GetBytes(Interlocked.Increment(ref _serial) | 0x4000_0000);
        Array.Reverse(serial);
        using var certificate = request.Create(new X500DistinguishedName(issuer), signer.Generator, From, Until, serial);
        return certificate.RawData;
    }

    private static X509Extension Constraints(string[] excluded)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, excluded.Length > 1 ? 1 : 0)))
        {
            foreach (var name in excluded)
            {
                using (writer.PushSequence())
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
                }
            }
        }

        return new X509Extension(new Oid(NameConstraintsOid), writer.Encode(), critical: true);
    }

    private static X509Extension[] PolicyExtensions(int count)
    {
        var policies = new AsnWriter(AsnEncodingRules.DER);
        var mappings = new AsnWriter(AsnEncodingRules.DER);
        var constraints = new AsnWriter(AsnEncodingRules.DER);
        using (policies.PushSequence())
        using (mappings.PushSequence())
        {
            for (var n = 0; n < count; n++)
            {
                using (policies.PushSequence())
                {
                    policies.WriteObjectIdentifier($"1.3.6.1.4.1.99999.{n}");
                }

                using (mappings.PushSequence())
                {
                    mappings.WriteObjectIdentifier($"1.3.6.1.4.1.99999.{n % 8}");
                    mappings.WriteObjectIdentifier($"1.3.6.1.4.1.99999.{n}");
                }
            }
        }

        using (constraints.PushSequence())
        {
            constraints.WriteInteger(0, new Asn1Tag(TagClass.ContextSpecific, 0));
        }

        return
        [
            new X509Extension(new Oid(PoliciesOid), policies.Encode(), critical: false),
            new X509Extension(new Oid(MappingsOid), mappings.Encode(), critical: true),
            new X509Extension(new Oid(PolicyConstraintsOid), constraints.Encode(), critical: true),
        ];
    }

    private sealed class Signer(AsymmetricAlgorithm key)
    {
        public X509SignatureGenerator Generator { get; } = key switch
        {
            ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException("Neither ECDSA nor RSA.", nameof(key)),
        };

        public PublicKey PublicKey => Generator.PublicKey;
    }
}
