using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class KeyFileTests : IDisposable
{
    private const string Password = "secret";

    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);

    private readonly World _world = new();
    private readonly TempFolder _folder = new();
    private readonly TestCertificate _leaf;
    private readonly ECDsa _key;

    public KeyFileTests()
    {
        _leaf = _world.Intermediate.Issue(World.Orders);
        _key = ECDsa.Create();
        _key.ImportFromPem(_leaf.KeyPem);
    }

    public static TheoryData<string, string?> Accepted => new()
    {
        { "PKCS#8", null }, { "EC PRIVATE KEY", null }, { "PKCS#8 as DER", null }, { "EC as DER", null }, { "encrypted", Password }, { "encrypted DER", Password },
        { "with parameters", null }, { "with its certificate", null }, { "with a BOM", null }, { "UTF-16", null }, { "with an empty password", "" },
    };

    public static TheoryData<string, string?, string> Refused => new()
    {
        { "none", null, "it holds no private key, but a CERTIFICATE block (line 1); a PRIVATE KEY block is wanted" },
        { "a public key", null, "it holds no private key, but a PUBLIC KEY block (line 1)" },
        { "encrypted", "wrong", "line 1: the key cannot be decrypted: KeyPassword is not its password" },
        { "encrypted", null, "line 1: the key is encrypted, and KeyPassword is not set" },
        { "PKCS#8", Password, "line 1: the key is not encrypted, and KeyPassword is set" },
        { "scrypt", Password, "line 1: the key is encrypted with scrypt, which is not read; convert it: openssl pkcs8 -topk8" },
        { "old encryption", Password, "line 1: the key is encrypted the way of old OpenSSL (Proc-Type), which is not read; convert it: openssl pkcs8 -topk8" },
        { "PKCS#12", null, "it is PKCS#12 (PFX): name it in PfxFile" },
        { "a certificate as DER", null, "it is a certificate as DER; a PRIVATE KEY block is wanted" },
        { "DER of nothing", null, "it is a binary object (DER) that is no private key" },
        { "empty", null, "it is empty" },
        { "of RSA", null, "line 1: the key is RSA, and that of the certificate is EC: it belongs to another certificate" },
        { "of another certificate", null, "line 1: the key is not the one of the first certificate" },
        { "two", null, "it holds 2 private keys (lines 1, 6); one is wanted" },
        { "of OpenSSH", null, "line 1: a key of OpenSSH; convert it: ssh-keygen -p -m PKCS8 -f FILE" },
        { "cut off", null, "line 1: the PRIVATE KEY block that begins here has no end" },
        { "Ed25519", null, "line 1: the key is of the algorithm 1.3.101.112; keys are RSA or EC" },
        { "of SSH", null, "a public key of SSH" },
        { "explicit parameters", null, "line 1: the key describes its curve by parameters in place of its name, which is not read; convert it: openssl ec -in FILE -param_enc named_curve -out FILE.pem" },
        { "compressed point", null, "line 1: the key holds its public key as a compressed point, which is not read; convert it: openssl ec -in FILE -conv_form uncompressed -out FILE.pem" },
        { "base64 of its PEM", null, "base64 of a PEM file, as Kubernetes keeps it in a Secret; decode it: base64 -d FILE > FILE.pem" },
        { "base64 of its DER", null, "base64 without a BEGIN and an END line, of a binary object (DER) that is no certificate; decode it: base64 -d FILE > FILE.der" },
    };

    public void Dispose()
    {
        _key.Dispose();
        _leaf.Dispose();
        _world.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_key_is_read_as_tools_write_it(string kind, string? password)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf.Certificate.RawData);

        using var joined = KeyFile.Attach(leaf, Make(kind), password);

        Assert.True(joined.HasPrivateKey);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Each_fault_of_a_key_has_its_own_sentence(string kind, string? password, string fault)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf.Certificate.RawData);

        Assert.Contains(fault, Assert.Throws<TrustFileFault>(() => KeyFile.Attach(leaf, Make(kind), password)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explicit parameters in PKCS#8", null, "describes its curve by parameters")]
    [InlineData("explicit parameters, encrypted", Password, "describes its curve by parameters")]
    [InlineData("compressed point in PKCS#8", null, "as a compressed point")]
    public void So_has_each_form_of_the_right_key_wherever_it_is(string kind, string? password, string fault)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf.Certificate.RawData);

        Assert.Contains(fault, Assert.Throws<TrustFileFault>(() => KeyFile.Attach(leaf, Make(kind), password)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explicit parameters", "-param_enc named_curve")]
    [InlineData("compressed point", "-conv_form uncompressed")]
    public void The_command_makes_a_key_that_is_read(string kind, string options)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf.Certificate.RawData);
        _ = Make(kind);
        File.Copy(Path.Combine(_folder.Path, "new"), Path.Combine(_folder.Path, "old"));

        using var joined = KeyFile.Attach(leaf, OpenSsl($"ec -in old {options} -out new"), password: null);

        Assert.True(joined.HasPrivateKey);
    }

    [Fact]
    public void No_two_sentences_are_the_same()
    {
        string[] sentences = [.. Refused.Select(row => row.Data.Item3)];

        Assert.Equal(sentences.Length, sentences.Distinct(StringComparer.Ordinal).Count());
    }

    private byte[] Make(string kind)
    {
        var pkcs8 = _key.ExportPkcs8PrivateKeyPem();
        return kind switch
        {
            "PKCS#8" or "with an empty password" => Utf8(pkcs8),
            "EC PRIVATE KEY" => Utf8(_key.ExportECPrivateKeyPem()),
            "PKCS#8 as DER" => _key.ExportPkcs8PrivateKey(),
            "EC as DER" => _key.ExportECPrivateKey(),
            "encrypted" => Utf8(_key.ExportEncryptedPkcs8PrivateKeyPem(Password, Encryption)),
            "encrypted DER" => _key.ExportEncryptedPkcs8PrivateKey(Password, Encryption),
            "with parameters" => Utf8("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + pkcs8),
            "with its certificate" => Utf8(_leaf.Certificate.ExportCertificatePem() + "\n" + pkcs8),
            "with a BOM" => [.. Encoding.UTF8.Preamble, .. Utf8(pkcs8)],
            "UTF-16" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(pkcs8)],
            "none" => Utf8(_leaf.Certificate.ExportCertificatePem()),
            "a public key" => Utf8(_key.ExportSubjectPublicKeyInfoPem()),
            "scrypt" => OpenSsl("pkcs8 -topk8 -scrypt -passout pass:secret -in key -out new"),
            "old encryption" => OpenSsl("ec -aes256 -passout pass:secret -in key -out new"),
            "PKCS#12" => _leaf.Certificate.Export(X509ContentType.Pkcs12),
            "a certificate as DER" => _leaf.Certificate.RawData,
            "DER of nothing" => [0x30, 0x03, 0x01, 0x01, 0xFF],
            "empty" => [],
            "of RSA" => Utf8(NewRsa()),
            "of another certificate" => Utf8(NewKey()),
            "two" => Utf8(pkcs8 + "\n" + NewKey()),
            "of OpenSSH" => Utf8(PemEncoding.WriteString("OPENSSH PRIVATE KEY", [1, 2, 3])),
            "cut off" => Utf8(pkcs8[..^40]),
            "Ed25519" => OpenSsl("genpkey -algorithm ed25519 -out new"),
            "of SSH" => Utf8("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE root@example.test\n"),
            "explicit parameters" => OpenSsl("ec -in key -param_enc explicit -out new"),
            "explicit parameters in PKCS#8" => OpenSsl("pkey -in key -ec_param_enc explicit -out new"),
            "explicit parameters, encrypted" => OpenSsl("pkey -in key -ec_param_enc explicit -aes256 -passout pass:secret -out new"),
            "compressed point" => OpenSsl("ec -in key -conv_form compressed -out new"),
            "compressed point in PKCS#8" => OpenSsl("pkey -in key -ec_conv_form compressed -out new"),
            "base64 of its PEM" => Utf8(Convert.ToBase64String(Utf8(pkcs8))),
            "base64 of its DER" => Utf8(Convert.ToBase64String(_key.ExportPkcs8PrivateKey())),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such file."),
        };
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string NewKey()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return other.ExportPkcs8PrivateKeyPem();
    }

    private static string NewRsa()
    {
        using var other = RSA.Create(2048);
        return other.ExportPkcs8PrivateKeyPem();
    }

    private byte[] OpenSsl(string arguments)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "key"), _key.ExportPkcs8PrivateKeyPem());
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = _folder.Path, RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return File.ReadAllBytes(Path.Combine(_folder.Path, "new"));
    }
}
