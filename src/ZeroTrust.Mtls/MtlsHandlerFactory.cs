using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>
/// Makes HTTP handlers bound to one server, for clients that no HTTP client factory makes: <c>new HttpClient(handler)</c> or a
/// <c>GrpcChannel</c>.
/// </summary>
/// <remarks>
/// <para>
/// Keep a handler as long as its client: it holds the connections, and replaces them when the own credential or the trust changes. Dispose
/// it with the client; while it is not disposed, its sources hold it.
/// </para>
/// <para>Clients of <c>AddHttpClient</c> and <c>AddGrpcClient</c> use <c>AddMtls("server")</c> instead.</para>
/// </remarks>
public sealed class MtlsHandlerFactory
{
    private readonly PeerTls _tls;
    private readonly PeerVerifier _verifier;
    private readonly IPeerCredentialSource _credentials;
    private readonly MtlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ServerAudit _audit;

    /// <summary>Creates the factory.</summary>
    /// <param name="tls">Begins handshakes.</param>
    /// <param name="verifier">Decides about servers.</param>
    /// <param name="credentials">The own certificate.</param>
    /// <param name="options">The names of servers, and the timeouts of connections.</param>
    /// <param name="time">The time by which proofs end.</param>
    /// <param name="logger">Where verdicts are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    public MtlsHandlerFactory(
        PeerTls tls,
        PeerVerifier verifier,
        IPeerCredentialSource credentials,
        IOptions<MtlsOptions> options,
        TimeProvider time,
        ILogger<MtlsHandlerFactory> logger,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(tls);
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _tls = tls;
        _verifier = verifier;
        _credentials = credentials;
        _options = options.Value;
        _time = time;
        _audit = new ServerAudit(logger, time, meterFactory);
    }

    /// <summary>
    /// How the servers of the configuration are judged; null where the factory was made by hand, which knows no partner's server.
    /// </summary>
    internal MtlsServers? Servers { get; init; }

    /// <summary>Who tells clients of protocols over HTTP of refusals.</summary>
    internal IReadOnlyList<IOutboundRejectionMapper> Mappers { get; init; } = [];

    /// <summary>Makes a handler for a server of the configuration.</summary>
    /// <param name="server">The server's name in <c>ZeroTrust:Mtls:Servers</c>.</param>
    /// <returns>The handler; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The name is not there.</exception>
    /// <exception cref="InvalidOperationException">The server is a partner's, and this factory was not made by <c>AddMtls</c>.</exception>
    public HttpMessageHandler Create(string server) => new MtlsHttpHandler(PartsOf(server));

    /// <summary>Makes a handler for a workload.</summary>
    /// <param name="server">
    /// The workload the server has to prove: a SPIFFE ID, or <c>dns:name</c> for a leaf without one that has exactly this DNS name.
    /// </param>
    /// <returns>The handler; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The server is <c>default</c>.</exception>
    public HttpMessageHandler Create(WorkloadId server) => new MtlsHttpHandler(PartsOf(server));

    /// <summary>Begins the client's side of one handshake as the handlers of a server do, without a memory of sessions.</summary>
    /// <param name="server">The server's name in <c>ZeroTrust:Mtls:Servers</c>.</param>
    /// <returns>The state of this one handshake; make a new one for each connection.</returns>
    /// <exception cref="ArgumentException">The name is not there.</exception>
    /// <exception cref="InvalidOperationException">The server is a partner's, and this factory was not made by <c>AddMtls</c>.</exception>
    public PeerClientHandshake ConnectTo(string server) => PartsOf(server).Connect(resumption: null);

    /// <summary>Begins the client's side of one handshake as the handlers of a workload do, without a memory of sessions.</summary>
    /// <param name="server">The workload the server has to prove.</param>
    /// <returns>The state of this one handshake; make a new one for each connection.</returns>
    /// <exception cref="ArgumentException">The server is <c>default</c>.</exception>
    public PeerClientHandshake ConnectTo(WorkloadId server) => PartsOf(server).Connect(resumption: null);

    private HandlerParts PartsOf(string server)
    {
        ArgumentException.ThrowIfNullOrEmpty(server);
        return !_options.Servers.TryGetValue(server, out var configured)
            ? throw new ArgumentException($"{MtlsOptions.SectionName}:Servers:{server}: missing.", nameof(server))
            : Servers is not null
                ? PartsOf(Servers.Find(server))
                : configured.AnchorFile is null
                    ? PartsOf(WorkloadId.Parse(configured.Workload ?? string.Empty))
                    : throw new InvalidOperationException(
                        $"{MtlsOptions.SectionName}:Servers:{server}: is a partner's; take the factory that AddMtls registers.");
    }

    private HandlerParts PartsOf(WorkloadId server) => server.IsDefault
        ? throw new ArgumentException("A client is bound to one server.", nameof(server))
        : PartsOf(new BoundServer(new ServerIdentity(server), _verifier));

    private HandlerParts PartsOf(BoundServer server) => new(server, _tls, _credentials, _options, _time, _audit) { Mappers = Mappers };
}
