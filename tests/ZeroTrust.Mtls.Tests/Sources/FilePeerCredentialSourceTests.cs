using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class FilePeerCredentialSourceTests : IDisposable
{
    private const string CertificateFile = "Credential:CertificateFile: ";
    private const string KeyFile = "Credential:KeyFile: ";
    private const string PfxFile = "Credential:PfxFile: ";

    private readonly FileWorld _world = new();

    private CredentialFileOptions Options => _world.Options.Credential;

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_credential_is_loaded_with_its_intermediates()
    {
        var credential = _world.NewCredentialSource().GetCredential();

        AssertLoaded(credential);
        Assert.Equal(World.Start.AddHours(1), credential.NotAfter);
        Assert.Equal(World.Start.AddMinutes(-1), credential.NotBefore);
        Assert.Empty(_world.Logs.GetSnapshot());
    }

    [Fact]
    public void An_encrypted_key_is_opened_with_its_password_only()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(_world.Current.KeyPem);
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);
        File.WriteAllText(Options.KeyFile!, key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));

        Options.KeyPassword = "secret";
        AssertLoaded(_world.NewCredentialSource().GetCredential());
        Options.KeyPassword = "wrong";
        FileWorld.Refused(_world.NewCredentialSource, KeyFile, "KeyPassword is not its password");
        Options.KeyPassword = null;
        FileWorld.Refused(_world.NewCredentialSource, KeyFile, "KeyPassword is not set");
    }

    [Fact]
    public void A_pfx_file_stands_in_place_of_certificate_and_key()
    {
        UsePfx("secret", _world.Current.Certificate, _world.World.Intermediate.Certificate);

        AssertLoaded(_world.NewCredentialSource().GetCredential());

        Options.KeyPassword = "wrong";
        FileWorld.Refused(_world.NewCredentialSource, PfxFile, "another password than the configured one");
        Options.KeyPassword = "secret";
        Options.KeyFile = Path.Combine(_world.Folder, "orders.key");
        FileWorld.Refused(_world.NewCredentialSource, PfxFile + "it stands in place of");
    }

    [Fact]
    public void A_pfx_file_holds_one_key()
    {
        using var other = _world.World.Intermediate.Issue(World.Orders);

        UsePfx(password: null, _world.Current.Certificate);
        _world.NewCredentialSource();
        UsePfx(password: null, _world.World.Intermediate.Certificate);
        FileWorld.Refused(_world.NewCredentialSource, PfxFile, "0 certificates");
        UsePfx(password: null, _world.Current.Certificate, other.Certificate);
        FileWorld.Refused(_world.NewCredentialSource, PfxFile, "2 certificates");
    }

    [Theory]
    [InlineData("400", true)]
    [InlineData("600", true)]
    [InlineData("440", true)]
    [InlineData("640", true)]
    [InlineData("660", false)]
    [InlineData("620", false)]
    [InlineData("644", false)]
    [InlineData("604", false)]
    [InlineData("602", false)]
    [InlineData("601", false)]
    public void A_key_file_is_for_the_user_and_at_most_read_by_the_group(string mode, bool accepted)
    {
        SkipOnWindows();
        SetMode(Options.KeyFile!, mode);
        Expect("Credential:KeyFile: ");

        UsePfx(password: null, _world.Current.Certificate, _world.World.Intermediate.Certificate);
        SetMode(Options.PfxFile!, mode);
        Expect(PfxFile);

        void Expect(string path)
        {
            if (accepted)
            {
                AssertLoaded(_world.NewCredentialSource().GetCredential());
                return;
            }

            FileWorld.Refused(_world.NewCredentialSource, $"{path}'{Path.Combine(_world.Folder, "orders")}");
            var message = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(_world.NewCredentialSource).Message;
            Assert.Contains($"has the mode {mode}", message, StringComparison.Ordinal);
            Assert.Contains("defaultMode: 0440", message, StringComparison.Ordinal);
            AssertLoaded(_world.NewCredentialSource(FileWorld.Dangers(dangers => dangers.AllowExposedKeyFile("a test"))).GetCredential());
        }
    }

    [Fact]
    public void A_key_that_is_exposed_later_is_told_until_it_no_longer_is()
    {
        SkipOnWindows();
        var source = _world.NewCredentialSource();
        var before = source.GetCredential();
        SetMode(Options.KeyFile!, "644");

        Assert.False(source.Poll());
        Assert.False(source.Poll());
        Assert.Contains("has the mode 644", source.Failure, StringComparison.Ordinal);
        Assert.Same(before, source.GetCredential());

        SetMode(Options.KeyFile!, "640");
        Assert.False(source.Poll());
        Assert.Null(source.Failure);
        Assert.Same(before, source.GetCredential());
    }

    [Fact]
    public void What_the_platform_leaves_out_of_the_chain_is_told_at_load()
    {
        using var old = TestCertificateAuthority.Create("old root", _world.World.Time);
        using var cross = old.CreateIntermediate(options => options.CommonName = "cross");
        File.AppendAllText(Options.CertificateFile!, $"\n{cross.Certificate.ExportCertificatePem()}\n");

        var source = _world.NewCredentialSource();
        Assert.Contains("CN=cross (issued by CN=old root)", Assert.Single(_world.Told("CertificateNotSent")).Message, StringComparison.Ordinal);
        _world.Rotate();
        Assert.True(source.Reload());
        Assert.Single(_world.Told("CertificateNotSent"));
    }

    [Theory]
    [InlineData("before the other path", 1)]
    [InlineData("two of them", 2)]
    [InlineData("as PKCS#12", 1)]
    [InlineData("the same issuer twice", 0)]
    [InlineData("a root of another", 0)]
    public void Each_certificate_that_is_left_out_is_told_wherever_it_stands(string what, int told)
    {
        using var old = TestCertificateAuthority.Create("old root", _world.World.Time);
        using var cross = old.CreateIntermediate(options => options.CommonName = "cross");
        using var second = old.CreateIntermediate(options => options.CommonName = "second cross");
        var issuer = _world.World.Intermediate.Certificate;
        X509Certificate2[] behind = what switch
        {
            "before the other path" => [cross.Certificate, issuer],
            "two of them" => [issuer, cross.Certificate, second.Certificate],
            "as PKCS#12" => [issuer, cross.Certificate],
            "the same issuer twice" => [issuer, issuer],
            _ => [issuer, old.Certificate],
        };
        var chain = new X509Certificate2Collection((X509Certificate2[])[_world.Current.Certificate, .. behind]);
        if (what == "as PKCS#12")
        {
            (Options.CertificateFile, Options.KeyFile, Options.PfxFile) = (null, null, _world.Write("orders.p12", chain.Export(X509ContentType.Pkcs12)));
            SetMode(Options.PfxFile!, "600");
        }
        else
        {
            File.WriteAllText(Options.CertificateFile!, chain.ExportCertificatePems());
        }

        var credential = _world.NewCredentialSource().GetCredential();

        Assert.Equal(told, credential.NotSent.Count);
        Assert.Equal(told, _world.Told("CertificateNotSent").Count());
        Assert.Equal(behind.Length, credential.IntermediatesDer.Count);
    }

    [Fact]
    public void A_root_behind_the_chain_is_not_missed()
    {
        File.AppendAllText(Options.CertificateFile!, $"\n{_world.World.Root.Certificate.ExportCertificatePem()}\n");

        _world.NewCredentialSource();
        Assert.Empty(_world.Told("CertificateNotSent"));
    }

    [Fact]
    public void Unchanged_files_are_not_loaded_again()
    {
        var source = _world.NewCredentialSource();
        var credential = source.GetCredential();

        Assert.False(source.Reload());
        Assert.Same(credential, source.GetCredential());
    }

    [Fact]
    public void A_rotation_is_seen_and_told()
    {
        var source = _world.NewCredentialSource();
        var token = source.GetReloadToken();
        _world.Rotate();

        Assert.True(source.Reload());
        Assert.Equal(_world.Current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
        Assert.True(token.HasChanged);
        Assert.False(source.GetReloadToken().HasChanged);
        Assert.Single(_world.Told("SourceReloaded"));
    }

    [Fact]
    public void A_certificate_whose_key_comes_a_moment_later_is_no_failure()
    {
        var source = _world.NewCredentialSource();
        var before = source.GetCredential();
        var newKey = RotateCertificateAlone();

        Assert.False(source.Poll());
        Assert.Same(before, source.GetCredential());
        Assert.Null(source.Failure);
        File.WriteAllText(Options.KeyFile!, newKey);

        Assert.True(source.Reload());
        Assert.Equal(_world.Current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
        Assert.Empty(_world.Told("SourceReloadFailed"));
    }

    [Fact]
    public void A_certificate_whose_key_does_not_come_keeps_the_last_good_one_and_is_told_once()
    {
        var source = _world.NewCredentialSource();
        var before = source.GetCredential();
        var newKey = RotateCertificateAlone();

        for (var look = 0; look < 15; look++)
        {
            Assert.False(source.Poll());
        }

        Assert.Same(before, source.GetCredential());
        Assert.Contains("the key is not the one of the first certificate", source.Failure, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, Assert.Single(_world.Told("SourceReloadFailed")).Level);

        File.WriteAllText(Options.KeyFile!, newKey);
        Assert.True(source.Reload());
        Assert.Null(source.Failure);
    }

    [Fact]
    public void A_missing_file_after_the_start_keeps_the_last_good_credential()
    {
        var source = _world.NewCredentialSource();
        var before = source.GetCredential();
        File.Delete(Options.CertificateFile!);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetCredential());
        Assert.Contains("cannot be read", source.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unusable_credential_is_an_error_of_the_configuration()
    {
        _world.Issue(options => options.SpiffeId = "spiffe://other.test/orders");
        FileWorld.Refused(_world.NewCredentialSource, CertificateFile + "the certificate is of the trust domain 'other.test'");
        _world.Issue(options => options.CommonName = "nameless");
        FileWorld.Refused(_world.NewCredentialSource, CertificateFile + "the certificate names no workload");
        File.WriteAllText(Options.CertificateFile!, "nothing");
        FileWorld.Refused(_world.NewCredentialSource, CertificateFile, "it holds no PEM block");
        Options.CertificateFile = Path.Combine(_world.Folder, "absent.pem");
        FileWorld.Refused(_world.NewCredentialSource, CertificateFile + "'");
        Options.CertificateFile = null;
        FileWorld.Refused(_world.NewCredentialSource, CertificateFile + "missing");
    }

    [Theory]
    [InlineData(null, false, "orders.shop.svc", "orders.shop")]
    [InlineData(null, false, "orders.shop.svc", "orders.shop", "orders")]
    [InlineData(null, true, "orders.shop.svc")]
    [InlineData(World.Orders, true, "orders.shop.svc", "orders.shop", "orders")]
    [InlineData(World.Orders, true)]
    public void The_own_certificate_has_one_dns_name_or_a_spiffe_id_beside_any_number(string? id, bool accepted, params string[] names)
    {
        _world.Issue(options =>
        {
            options.SpiffeId = id;
            Array.ForEach(names, options.DnsNames.Add);
        });

        if (accepted)
        {
            Assert.Equal(id ?? $"dns:{names[0]}", _world.NewCredentialSource().GetCredential().Workload.ToString());
        }
        else
        {
            Assert.EndsWith($"this one has {names.Length}", FileWorld.Refused(_world.NewCredentialSource, CertificateFile), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-60, 1, true)]
    [InlineData(-60, 0, false)]
    [InlineData(5, 60, true)]
    [InlineData(6, 60, false)]
    public void The_certificate_is_valid_now(int notBefore, int notAfter, bool accepted)
    {
        _world.Issue(options => (options.SpiffeId, options.NotBefore, options.NotAfter) =
            (World.Orders, World.Start.AddSeconds(notBefore), World.Start.AddSeconds(notAfter)));

        Expect(accepted, "the certificate is valid from ");
    }

    [Fact]
    public void A_certificate_that_peers_would_refuse_is_refused_with_their_code()
    {
        Refused("mtls.key_usage_invalid", options => options.KeyUsageCritical = false);
        Refused("mtls.uri_name_count", options => options.UriNames.Add("https://example.test"));
        Refused("mtls.spiffe_id_invalid", options => options.SpiffeId = "spiffe://example.test");
        Refused("mtls.extended_key_usage_incomplete", options => options.ClientAuth = false);
        Refused("mtls.extended_key_usage_incomplete", options => options.ServerAuth = false);
        Refused("x509.extended_key_usage_missing", options => (options.ClientAuth, options.ServerAuth) = (false, false));
        Refused("x509.leaf_is_ca", options => options.IsCa = true);
        Refused("x509.key_refused", options => options.Key = TestKeyAlgorithm.Rsa1024);
        Refused("x509.signature_algorithm_refused", options => options.WeakSignature = true);

        _world.Issue(options =>
        {
            options.DnsNames.Add("orders.internal");
            options.ServerAuth = false;
        });
        _world.NewCredentialSource();

        void Refused(string code, Action<TestLeafOptions> spoil)
        {
            _world.Issue(options =>
            {
                options.SpiffeId = World.Orders;
                spoil(options);
            });
            FileWorld.Refused(_world.NewCredentialSource, $"{CertificateFile}peers would refuse the certificate: {code}");
        }
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such mode.");

    private static void SetMode(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    private static void AssertLoaded(PeerCredential credential)
    {
        Assert.Equal(WorkloadId.Parse(World.Orders), credential.Workload);
        Assert.True(credential.Certificate.HasPrivateKey);
        Assert.Single(credential.IntermediatesDer);
    }

    private void Expect(bool accepted, string otherwise)
    {
        if (accepted)
        {
            _world.NewCredentialSource();
        }
        else
        {
            FileWorld.Refused(_world.NewCredentialSource, CertificateFile + otherwise);
        }
    }

    private string RotateCertificateAlone()
    {
        var oldKey = File.ReadAllText(Options.KeyFile!);
        _world.Rotate();
        var newKey = File.ReadAllText(Options.KeyFile!);
        File.WriteAllText(Options.KeyFile!, oldKey);
        return newKey;
    }

    private void UsePfx(string? password, params X509Certificate2[] certificates)
    {
        Options.PfxFile = _world.Write("orders.pfx", new X509Certificate2Collection(certificates).Export(X509ContentType.Pfx, password)!);
        SetMode(Options.PfxFile, "600");
        Options.KeyPassword = password;
        (Options.CertificateFile, Options.KeyFile) = (null, null);
    }
}
