using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>The checks of mutual TLS that code may weaken for credentials and bundles from files. Each needs a reason.</summary>
/// <remarks>
/// Configuration cannot reach them. Each is logged as a warning at start, counted by <c>zerotrust.weakenings</c> and registered as a
/// <see cref="Weakening"/>. Bundles made in code have members of their own, for example <see cref="TrustBundle.DangerousAllowNoRevocation"/>.
/// </remarks>
public sealed class MtlsDangers
{
    internal const string NoPlatformVeto = "mtls.no_platform_veto";

    private readonly IServiceCollection _services;
    private readonly Dictionary<TrustDomain, string> _withoutRevocation = [];
    private readonly Dictionary<TrustDomain, string> _unknownRevocation = [];
    private readonly List<uint> _fileOwners = [];
    private readonly Dictionary<string, string> _tls12Servers = new(ServerNames.Comparer);
    private readonly Dictionary<string, string> _systemRoots = new(ServerNames.Comparer);

    internal MtlsDangers(IServiceCollection services) => _services = services;

    internal IReadOnlyDictionary<TrustDomain, string> WithoutRevocation => _withoutRevocation;

    internal IReadOnlyDictionary<TrustDomain, string> UnknownRevocation => _unknownRevocation;

    internal IEnumerable<TrustDomain> TrustDomains => _withoutRevocation.Keys.Concat(_unknownRevocation.Keys);

    internal Weakening? PlatformVeto { get; private set; }

    internal IReadOnlyCollection<uint> FileOwners => _fileOwners;

    internal bool AllowsExposedKeyFile { get; private set; }

    internal IReadOnlyDictionary<string, string> Tls12Servers => _tls12Servers;

    internal IReadOnlyDictionary<string, string> SystemRoots => _systemRoots;

    /// <summary>
    /// Lets a trust domain issue leaves of any lifetime without CRLs: nothing but the deny-list ends the trust in one before its time.
    /// </summary>
    /// <param name="trustDomain">
    /// The trust domain; it has neither <see cref="TrustDomainOptions.CrlFiles"/> nor <see cref="TrustDomainOptions.MaxLeafLifetime"/>.
    /// </param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="FormatException">It is not a trust domain name.</exception>
    public MtlsDangers AllowNoRevocation(string trustDomain, string reason)
    {
        var domain = TrustDomain.Parse(trustDomain);
        Register(NoRevocationOf(domain), reason);
        _withoutRevocation[domain] = reason;
        return this;
    }

    /// <summary>
    /// Lets a certificate pass whose status no current CRL tells. Whoever keeps a CRL from being renewed then keeps revoked certificates
    /// alive.
    /// </summary>
    /// <param name="trustDomain">The trust domain; it has <see cref="TrustDomainOptions.CrlFiles"/>.</param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="FormatException">It is not a trust domain name.</exception>
    public MtlsDangers AllowUnknownRevocation(string trustDomain, string reason)
    {
        var domain = TrustDomain.Parse(trustDomain);
        Register(UnknownRevocationOf(domain), reason);
        _unknownRevocation[domain] = reason;
        return this;
    }

    /// <summary>
    /// Takes a key file that users other than the service's may read or replace, edge listeners' included: who can, is this workload.
    /// </summary>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public MtlsDangers AllowExposedKeyFile(string reason)
    {
        Register(KeyFileMode.AnyIsTaken, reason);
        AllowsExposedKeyFile = true;
        return this;
    }

    /// <summary>
    /// Takes files that one more user owns, and folders: those of certificates, keys, CRLs and lists, of edge listeners, token services and
    /// issuers, too. Who is that user, decides whom this service believes.
    /// </summary>
    /// <param name="user">The number of the user (uid), as of the host's user behind a bind mount.</param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public MtlsDangers AllowFileOwner(uint user, string reason)
    {
        Register(string.Create(CultureInfo.InvariantCulture, $"{FileOwnership.OwnerPrefix}{user}"), reason);
        _fileOwners.Add(user);
        return this;
    }

    /// <summary>
    /// Lets connections to one server speak TLS 1.2 beside 1.3, with ephemeral keys and authenticated encryption alone. Certificates then
    /// pass in the clear, the own one included where it is sent, and sessions are not resumed.
    /// </summary>
    /// <param name="server">The server's name in <see cref="MtlsOptions.Servers"/>.</param>
    /// <param name="reason">Why this is acceptable, for example when the server will be renewed.</param>
    /// <exception cref="ArgumentException">There is no name or no reason.</exception>
    /// <remarks>All else stays: the server's certificate, its verification, no renegotiation.</remarks>
    public MtlsDangers AllowTls12(string server, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(server);
        Register($"mtls.tls12:{server}", reason);
        _tls12Servers[server] = reason;
        return this;
    }

    /// <summary>
    /// Lets the roots that the host trusts for the public web judge one server: each of their hundred and more authorities may then name
    /// it. Prefer <see cref="ServerOptions.AnchorFile"/> with the roots the partner really has.
    /// </summary>
    /// <param name="server">
    /// The server's name in <see cref="MtlsOptions.Servers"/>; it is known by a DNS name and has no <see cref="ServerOptions.AnchorFile"/>.
    /// </param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no name or no reason.</exception>
    /// <remarks>The roots are read when the host starts. They judge no other server, and no peer that connects here.</remarks>
    public MtlsDangers AllowSystemRoots(string server, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(server);
        Register($"mtls.system_roots:{server}", reason);
        _systemRoots[server] = reason;
        return this;
    }

    /// <summary>Leaves the platform's <c>X509Chain</c> unasked about accepted paths.</summary>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public MtlsDangers SkipPlatformVeto(string reason)
    {
        PlatformVeto = Register(NoPlatformVeto, reason);
        return this;
    }

    internal static string NoRevocationOf(TrustDomain trustDomain) => $"mtls.no_revocation:{trustDomain}";

    internal static string UnknownRevocationOf(TrustDomain trustDomain) => $"mtls.unknown_revocation:{trustDomain}";

    private Weakening Register(string name, string reason)
    {
        var weakening = new Weakening(name, reason);
        _services.AddSingleton(weakening);
        return weakening;
    }
}
