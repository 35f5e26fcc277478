using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>A workload whose credential and trust are in files.</summary>
internal sealed class FileWorld : IDisposable
{
    private readonly TempFolder _folder = new();

    public FileWorld()
    {
        Current = World.Intermediate.Issue(Support.World.Orders);
        var (certificateFile, keyFile) = Current.WriteTo(Folder, "orders");
        Options = new MtlsOptions
        {
            TrustDomain = Support.World.Domain,
            Credential = { CertificateFile = certificateFile, KeyFile = keyFile },
            TrustDomains = { [Support.World.Domain] = new TrustDomainOptions { AnchorFile = World.Root.WriteAnchorTo(Folder) } },
        };
    }

    public World World { get; } = new();

    public string Folder => _folder.Path;

    public FakeLogCollector Logs { get; } = new();

    public MtlsOptions Options { get; }

    public TrustDomainOptions Domain => Options.TrustDomains[Support.World.Domain];

    public TestCertificate Current { get; private set; }

    /// <returns>The failure.</returns>
    public static string Refused(Func<object> create, string beginning)
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(create).Failures);
        Assert.StartsWith("ZeroTrust:Mtls:" + beginning, failure, StringComparison.Ordinal);
        return failure;
    }

    /// <summary>The content of a file is refused: the setting, the file, and what is wrong with it.</summary>
    public static void Refused(Func<object> create, string beginning, string fault) =>
        Assert.Contains(fault, Refused(create, beginning + "'"), StringComparison.Ordinal);

    public static MtlsDangers Dangers(Action<MtlsDangers> weaken)
    {
        var services = new ServiceCollection();
        services.AddZeroTrust().DangerousMtls(weaken);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<MtlsDangers>();
    }

    public static string Pem(params IEnumerable<CertificateRevocationList> crls) =>
        string.Join('\n', crls.Select(crl => PemEncoding.WriteString("X509 CRL", crl.Der.Span)));

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Rotate() => Issue(options => options.SpiffeId = Support.World.Orders);

    public void Issue(Action<TestLeafOptions> configure)
    {
        Current.Dispose();
        Current = World.Intermediate.Issue(configure);
        Current.WriteTo(Folder, "orders");
    }

    public FilePeerCredentialSource NewCredentialSource() => NewCredentialSource(dangers: null);

    public FilePeerCredentialSource NewCredentialSource(MtlsDangers? dangers) =>
        new(Microsoft.Extensions.Options.Options.Create(Options), World.Time, Logger<FilePeerCredentialSource>(), meterFactory: null, dangers);

    public FileTrustBundleSource NewBundleSource() => NewBundleSource(dangers: null);

    public FileTrustBundleSource NewBundleSource(MtlsDangers? dangers) =>
        new(Microsoft.Extensions.Options.Options.Create(Options), Logger<FileTrustBundleSource>(), meterFactory: null, dangers, World.Time);

    public ILogger<T> Logger<T>() => new LoggerFactory([new FakeLoggerProvider(Logs)]).CreateLogger<T>();

    public IEnumerable<FakeLogRecord> Told(string eventName) => Logs.GetSnapshot().Where(record => record.Id.Name == eventName);

    public void Dispose()
    {
        Current.Dispose();
        World.Dispose();
        _folder.Dispose();
    }
}
