using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>
/// A workload that calls servers of its own trust domain, and the server of a bank with roots and a public habit of its own.
/// </summary>
internal sealed class PartnerWorld : IDisposable
{
    public const string Server = "bank";
    public const string Name = "api.bank.example";
    public const string Workload = "dns:" + Name;

    public static readonly TimeSpan NinetyDays = TimeSpan.FromDays(90);

    private readonly TempFolder _folder = new();
    private readonly TestCertificate _orders;

    public PartnerWorld()
    {
        Root = TestCertificateAuthority.Create("bank root", World.Time);
        Issuing = Root.CreateIntermediate("bank issuing");
        AnchorFile = Root.WriteAnchorTo(_folder.Path, "bank");
        _orders = World.Intermediate.Issue(Support.World.Orders);
        Credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    public World World { get; } = new();

    public TestCertificateAuthority Root { get; }

    public TestCertificateAuthority Issuing { get; }

    public string AnchorFile { get; }

    public string Folder => _folder.Path;

    public MemoryPeerCredentialSource Credentials { get; }

    public FakeLogCollector Logs { get; } = new();

    public ServerOptions Options => new() { Workload = Workload, AnchorFile = AnchorFile, MaxLeafLifetime = NinetyDays };

    /// <summary>As public authorities issue: an hour before now, for ninety days less a second, for servers alone.</summary>
    public static void LikePublic(TestLeafOptions options, DateTimeOffset now, params string[] names)
    {
        options.CommonName = names.FirstOrDefault() ?? Name;
        Array.ForEach(names, options.DnsNames.Add);
        options.ClientAuth = false;
        options.KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        options.NotBefore = now.AddHours(-1);
        options.NotAfter = now.AddHours(-1) + NinetyDays - TimeSpan.FromSeconds(1);
    }

    public TestCertificate Issue(Action<TestLeafOptions>? configure = null, TestCertificateAuthority? issuer = null) => (issuer ?? Issuing).Issue(options =>
    {
        LikePublic(options, World.Clock.GetUtcNow(), Name);
        configure?.Invoke(options);
    });

    public TestCertificate IssueFor(params string[] names) => Issuing.Issue(options => LikePublic(options, World.Clock.GetUtcNow(), names));

    public ServiceProvider NewServices(Action<MtlsOptions>? configure = null, Action<MtlsDangers>? weaken = null, IPeerCredentialSource? credentials = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(World.Time);
        services.AddSingleton(credentials ?? Credentials);
        services.AddSingleton<ITrustBundleSource>(World.Bundles);
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)));
        var builder = services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = Support.World.Domain;
            options.Servers["billing"] = Support.World.Billing;
            options.Servers[Server] = Options;
            configure?.Invoke(options);
        });
        if (weaken is not null)
        {
            builder.DangerousMtls(weaken);
        }

        return services.BuildServiceProvider();
    }

    /// <summary>What a connection to the server would be told, but for TLS.</summary>
    public Verdict<VerifiedPeer> Verify(TestCertificate leaf, Action<MtlsOptions>? configure = null, string server = Server)
    {
        using var services = NewServices(configure);
        return services.GetRequiredService<MtlsServers>().Find(server).Verify(leaf.ToPeerCertificates());
    }

    public void Dispose()
    {
        _orders.Dispose();
        Issuing.Dispose();
        Root.Dispose();
        World.Dispose();
        _folder.Dispose();
    }
}
