using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

public sealed class FileSourceTests : IDisposable
{
    private readonly World _world = new();
    private readonly TempFolder _folder = new();
    private readonly FakeLogCollector _logs = new();
    private readonly MtlsOptions _options;
    private TestCertificate _current;

    public FileSourceTests()
    {
        _current = _world.Intermediate.Issue(World.Orders);
        var (certificateFile, keyFile) = _current.WriteTo(_folder.Path, "orders");
        _options = new MtlsOptions
        {
            TrustDomain = World.Domain,
            Credential = { CertificateFile = certificateFile, KeyFile = keyFile },
            TrustDomains = { [World.Domain] = new TrustDomainOptions { AnchorFile = _world.Root.WriteAnchorTo(_folder.Path) } },
        };
    }

    public void Dispose()
    {
        _current.Dispose();
        _folder.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void The_credential_is_loaded_with_its_intermediates()
    {
        var credential = NewCredentialSource().GetCredential();

        Assert.Equal(WorkloadId.Parse(World.Orders), credential.Workload);
        Assert.True(credential.Certificate.HasPrivateKey);
        Assert.Single(credential.IntermediatesDer);
        Assert.Equal(World.Start.AddHours(1), credential.NotAfter);
        Assert.Equal(World.Start.AddMinutes(-1), credential.NotBefore);
        Assert.Empty(_logs.GetSnapshot());
    }

    [Fact]
    public void An_encrypted_key_is_opened_with_its_password_only()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(_current.KeyPem);
        var parameters = new System.Security.Cryptography.PbeParameters(
            System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 10_000);
        File.WriteAllText(_options.Credential.KeyFile!, key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));

        _options.Credential.KeyPassword = "secret";
        Assert.Equal(WorkloadId.Parse(World.Orders), NewCredentialSource().GetCredential().Workload);
        _options.Credential.KeyPassword = "wrong";
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate and the key make no credential");
        _options.Credential.KeyPassword = null;
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate and the key make no credential");
    }

    [Fact]
    public void Unchanged_files_are_not_loaded_again()
    {
        var source = NewCredentialSource();
        var credential = source.GetCredential();

        Assert.False(source.Reload());
        Assert.Same(credential, source.GetCredential());
    }

    [Fact]
    public void A_rotation_is_seen_and_told()
    {
        var source = NewCredentialSource();
        var token = source.GetReloadToken();
        Rotate();

        Assert.True(source.Reload());
        Assert.Equal(_current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
        Assert.True(token.HasChanged);
        Assert.False(source.GetReloadToken().HasChanged);
        Assert.Contains(_logs.GetSnapshot(), record => record.Id.Name == "SourceReloaded");
    }

    [Fact]
    public void A_certificate_whose_key_is_not_there_yet_keeps_the_last_good_one_and_is_tried_again()
    {
        var source = NewCredentialSource();
        var before = source.GetCredential();
        var oldKey = File.ReadAllText(_options.Credential.KeyFile!);
        Rotate();
        var newKey = File.ReadAllText(_options.Credential.KeyFile!);
        File.WriteAllText(_options.Credential.KeyFile!, oldKey);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetCredential());
        var warning = Assert.Single(_logs.GetSnapshot(), record => record.Id.Name == "SourceReloadFailed");
        Assert.Equal(LogLevel.Warning, warning.Level);

        File.WriteAllText(_options.Credential.KeyFile!, newKey);
        Assert.True(source.Reload());
        Assert.Equal(_current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
    }

    [Fact]
    public void A_swapped_symbolic_link_is_seen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need privileges on Windows.");
        var first = Directory.CreateDirectory(Path.Combine(_folder.Path, "1")).FullName;
        var second = Directory.CreateDirectory(Path.Combine(_folder.Path, "2")).FullName;
        _current.WriteTo(first, "tls");
        using var next = _world.Intermediate.Issue(World.Orders);
        next.WriteTo(second, "tls");
        var link = Path.Combine(_folder.Path, "current");
        Directory.CreateSymbolicLink(link, first);
        _options.Credential.CertificateFile = Path.Combine(link, "tls.pem");
        _options.Credential.KeyFile = Path.Combine(link, "tls.key");
        var source = NewCredentialSource();

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, second);

        Assert.True(source.Reload());
        Assert.Equal(next.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
    }

    [Fact]
    public void A_missing_file_after_the_start_keeps_the_last_good_credential()
    {
        var source = NewCredentialSource();
        var before = source.GetCredential();
        File.Delete(_options.Credential.CertificateFile!);

        Assert.False(source.Reload());
        Assert.Same(before, source.GetCredential());
    }

    [Fact]
    public void An_unusable_credential_is_an_error_of_the_configuration()
    {
        Write(options => options.SpiffeId = "spiffe://other.test/orders");
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate is of the trust domain 'other.test'");
        Write(options => options.CommonName = "nameless");
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate names no workload");
        Write(options =>
        {
            options.SpiffeId = World.Orders;
            options.NotBefore = World.Start.AddHours(-2);
            options.NotAfter = World.Start;
        });
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate is valid from ");
        File.WriteAllText(_options.Credential.CertificateFile!, "nothing");
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: the certificate and the key make no credential");
        _options.Credential.CertificateFile = Path.Combine(_folder.Path, "absent.pem");
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: '");
        _options.Credential.CertificateFile = null;
        Refused(NewCredentialSource, "ZeroTrust:Mtls:Credential:CertificateFile: missing");
    }

    [Fact]
    public void Anchors_are_loaded_and_their_rotation_is_seen()
    {
        var source = NewBundleSource();
        Assert.True(source.GetBundles().TryGet(TrustDomain.Parse(World.Domain), out var bundle));
        Assert.True(Assert.Single(bundle.Anchors).Der.Span.SequenceEqual(_world.Root.Certificate.RawData));

        using var next = TestCertificateAuthority.Create("next", _world.Time);
        File.WriteAllText(_options.TrustDomains[World.Domain].AnchorFile!, _world.Root.AnchorPem + "\n" + next.AnchorPem);

        Assert.True(source.Reload());
        Assert.True(source.GetBundles().TryGet(TrustDomain.Parse(World.Domain), out bundle));
        Assert.Equal(2, bundle.Anchors.Count);
    }

    [Fact]
    public void A_file_without_anchors_keeps_the_last_good_ones()
    {
        var source = NewBundleSource();
        var before = source.GetBundles();
        File.WriteAllText(_options.TrustDomains[World.Domain].AnchorFile!, string.Empty);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Single(_logs.GetSnapshot(), record => record.Id.Name == "SourceReloadFailed");
    }

    [Fact]
    public void What_is_no_anchor_is_an_error_of_the_configuration()
    {
        const string Path = "ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile: ";
        File.WriteAllText(_options.TrustDomains[World.Domain].AnchorFile!, _current.Certificate.ExportCertificatePem());
        Refused(NewBundleSource, Path);
        using var weak = TestCertificateAuthority.Create(options => options.Key = TestKeyAlgorithm.Rsa1024);
        File.WriteAllText(_options.TrustDomains[World.Domain].AnchorFile!, weak.AnchorPem);
        Refused(NewBundleSource, Path);
        _options.TrustDomains[World.Domain].AnchorFile = null;
        Refused(NewBundleSource, Path);
        _options.TrustDomains.Clear();
        Refused(NewBundleSource, "ZeroTrust:Mtls:TrustDomains: ");
    }

    [Fact]
    public async Task The_host_polls_the_files_and_reports_an_expired_credential()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var readiness = new Readiness();
        using var host = NewHost(readiness);
        await host.StartAsync(cancelled);
        Assert.Equal(DependencyState.Ready, readiness.Last);
        var source = host.Services.GetRequiredService<IPeerCredentialSource>();
        var reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = source.GetReloadToken().RegisterChangeCallback(_ => reloaded.TrySetResult(), state: null);
        Rotate();

        await AdvanceUntilAsync(() => reloaded.Task.IsCompleted);
        Assert.Equal(_current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);

        _world.Clock.Advance(TimeSpan.FromHours(2));
        await AdvanceUntilAsync(() => readiness.Last == DependencyState.NotReady);
        Assert.Contains(_logs.GetSnapshot(), record => record.Id.Name == "CredentialExpired" && record.Level == LogLevel.Error);
        await host.StopAsync(cancelled);
    }

    [Fact]
    public async Task A_host_without_usable_files_does_not_start()
    {
        await File.WriteAllTextAsync(_options.Credential.CertificateFile!, "nothing", TestContext.Current.CancellationToken);
        using var host = NewHost(new Readiness());

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    private static void Refused(Func<object> create, string beginning)
    {
        var failure = Assert.Throws<OptionsValidationException>(create);
        Assert.StartsWith(beginning, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    private FilePeerCredentialSource NewCredentialSource() =>
        new(Options.Create(_options), _world.Time, new LoggerFactory([new FakeLoggerProvider(_logs)]).CreateLogger<FilePeerCredentialSource>());

    private FileTrustBundleSource NewBundleSource() =>
        new(Options.Create(_options), new LoggerFactory([new FakeLoggerProvider(_logs)]).CreateLogger<FileTrustBundleSource>());

    private void Rotate() => Write(options => options.SpiffeId = World.Orders);

    private void Write(Action<TestLeafOptions> configure)
    {
        _current.Dispose();
        _current = _world.Intermediate.Issue(configure);
        _current.WriteTo(_folder.Path, "orders");
    }

    private IHost NewHost(Readiness readiness)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = World.Domain,
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = _options.Credential.CertificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = _options.Credential.KeyFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = _options.TrustDomains[World.Domain].AnchorFile,
        });
        builder.Logging.AddProvider(new FakeLoggerProvider(_logs));
        builder.Services.AddSingleton(_world.Time);
        builder.Services.AddSingleton<IReadinessSignal>(readiness);
        builder.Services.AddZeroTrust().AddMtls().AddMtls();
        return builder.Build();
    }

    private async Task AdvanceUntilAsync(Func<bool> reached)
    {
        // The timer's loop runs elsewhere: time is moved tick by tick until it was seen, within a deadline in real time.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            deadline.Token.ThrowIfCancellationRequested();
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private sealed class Readiness : IReadinessSignal
    {
        private volatile DependencyState _last;

        public DependencyState Last => _last;

        public void Report(string dependency, DependencyState state, string? reason = null) => _last = state;
    }
}
