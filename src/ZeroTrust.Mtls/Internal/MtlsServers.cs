using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Internal;

/// <summary>The servers of the options, each with who judges it. The files of partners are loaded here, once.</summary>
internal sealed class MtlsServers
{
    private readonly Dictionary<string, BoundServer> _servers = new(ServerNames.Comparer);
    private readonly List<PartnerServer> _partners = [];
    private readonly WatchEvents _events;

    /// <param name="options">The servers.</param>
    /// <param name="verifier">Judges servers of trust domains.</param>
    /// <param name="bundles">Where the deny-list is.</param>
    /// <param name="time">The time of every decision.</param>
    /// <param name="logger">Where reloads are logged.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <param name="dangers">The checks that code has weakened; null for none.</param>
    /// <param name="systemRoots">The system's roots; null for those of the store.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// A partner's file cannot be read, or holds nothing usable.
    /// </exception>
    public MtlsServers(
        MtlsOptions options,
        PeerVerifier verifier,
        ITrustBundleSource bundles,
        TimeProvider time,
        ILogger logger,
        IMeterFactory? meterFactory = null,
        MtlsDangers? dangers = null,
        Func<X509Certificate2Collection>? systemRoots = null)
    {
        _events = MtlsEvents.To(logger, new MtlsMetrics(meterFactory));
        foreach (var (name, server) in options.Servers)
        {
            var workload = WorkloadId.Parse(server.Workload ?? string.Empty);
            var isSystems = dangers?.SystemRoots.ContainsKey(name) == true;
            var partner = PartnerRules.AreFor(name, server, dangers) ? new PartnerRules(name, workload) : null;
            var identity = new ServerIdentity(workload)
            {
                Partner = partner,
                SendsCertificate = partner is null || server.SendCertificate == true,
                AllowsTls12 = dangers?.Tls12Servers.ContainsKey(name) == true,
            };
            if (partner is null)
            {
                _servers.Add(name, new BoundServer(identity, verifier));
                continue;
            }

            var trust = isSystems
                ? TrustSystem(partner, server, bundles, dangers, systemRoots ?? SystemRoots.Read)
                : TrustFiles(partner, server, options, bundles, time, dangers);
            _partners.Add(new PartnerServer(name, identity, trust, isSystems ? null : server.AnchorFile));
            _servers.Add(name, new BoundServer(identity, new PeerVerifier(trust, partner, options, time, meterFactory)));
        }
    }

    /// <summary>The servers of partners.</summary>
    public IReadOnlyList<PartnerServer> Partners => _partners;

    /// <summary>Why something of the partners' files cannot be loaded at present; null when all that they hold is current.</summary>
    public string? Failure => _partners.Select(static partner => partner.Trust.Failure).FirstOrDefault(static failure => failure is not null);

    public IEnumerable<Watch> Watches => _partners.Select(static partner => partner.Trust.Watch).OfType<Watch>();

    /// <summary>The server of this name, which <see cref="BoundServer.Verify"/> judges as every connection to it does.</summary>
    /// <exception cref="KeyNotFoundException">It is none of the options.</exception>
    public BoundServer Find(string name) => _servers[name];

    private static string NameOf(PartnerRules partner) => $"trust of the server {partner.Server}";

    private PartnerTrust TrustFiles(PartnerRules partner, ServerOptions server, MtlsOptions options, ITrustBundleSource bundles, TimeProvider time, MtlsDangers? dangers) => new(
        TrustDomainFiles.Of(partner, server, dangers, time, options.ClockSkew),
        NameOf(partner),
        bundles,
        WatchLimits.For(options.ReloadInterval, options.MaxStaleness),
        _events);

    private PartnerTrust TrustSystem(
        PartnerRules partner, ServerOptions server, ITrustBundleSource bundles, MtlsDangers? dangers, Func<X509Certificate2Collection> systemRoots)
    {
        try
        {
            var bundle = new TrustBundle(partner.Domain, AnchorFile.Usable(systemRoots(), out _), server.MaxLeafLifetime);
            bundle = dangers?.PlatformVeto is { } veto ? bundle.SkipPlatformVeto(veto) : bundle;
            return new PartnerTrust(bundle, NameOf(partner), bundles, _events);
        }
        catch (Exception exception) when (exception is TrustFileFault or System.Security.Cryptography.CryptographicException)
        {
            throw MtlsFile.At($"{MtlsOptions.SectionName}:{nameof(MtlsOptions.Servers)}:{partner.Server}", path: null)
                .Invalid($"code trusts the system's roots, and there are none that are usable: {exception.Message}");
        }
    }
}
