using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Judges;

/// <summary>A client of the service that calls a server.</summary>
internal sealed class ServerJudge : ServiceJudge
{
    private const string Section = $"{MtlsOptions.SectionName}:{nameof(MtlsOptions.Servers)}";

    private readonly MtlsHandlerFactory _clients;
    private readonly string? _name;
    private readonly WorkloadId _workload;

    // Its own files judge it, and no trust domain's.
    private readonly bool _isPartner;

    /// <exception cref="ToolException">
    /// It is neither the name of a server nor a workload id, or several servers are this workload.
    /// </exception>
    public ServerJudge(ServiceHost host, string server)
        : base(host)
    {
        _clients = host.Services.GetRequiredService<MtlsHandlerFactory>();
        var servers = host.Mtls.Servers;
        if (Find(servers, server, out _workload) is { } configured)
        {
            _name = servers.First(entry => ReferenceEquals(entry.Value, configured)).Key;
            _isPartner = configured.AnchorFile is not null;
            Partner = _isPartner ? $"the partner's server {configured.Workload} ({Path})" : null;
        }
    }

    public override PeerRole Role => PeerRole.Server;

    public override string Place => _name is null ? $"server {_workload} as a workload of its trust domain"
        : _workload.IsDefault ? $"server {_name}"
        : $"server {_name}, which names {_workload}";

    public override string? Partner { get; }

    private string Path => _name is null ? Section : $"{Section}:{_name}";

    public override Verdict<VerifiedPeer> Decide(IReadOnlyList<byte[]> presented) =>
        Handshakes.Judge(_name is null ? _clients.ConnectTo(_workload) : _clients.ConnectTo(_name), presented);

    public override string IdentityText(VerifiedPeer peer) => _name is null ? $"{_workload} is who was expected" : $"{Path} names it";

    public override TrustBundle? BundleOf(TrustDomain domain) => _isPartner ? null : base.BundleOf(domain);

    public override string? SettingOf(string code, TrustDomain domain) => code switch
    {
        "mtls.server_identity_mismatch" or "x509.name_mismatch" => _isPartner ? $"{Path}:{nameof(ServerOptions.Workload)}" : Path,
        "mtls.lifetime_too_long" when _isPartner => $"{Path}:{nameof(ServerOptions.MaxLeafLifetime)}",
        "x509.untrusted_anchor" or "x509.signature_invalid" when _isPartner => $"{Path}:{nameof(ServerOptions.AnchorFile)}",
        "x509.revoked" or "x509.revocation_status_unavailable" when _isPartner => $"{Path}:{nameof(ServerOptions.CrlFiles)}",
        _ => base.SettingOf(code, domain),
    };

    /// <summary>
    /// The entry of this name, or the only one of this workload: a partner's server is judged by its own files however it is asked for.
    /// </summary>
    private static ServerOptions? Find(IDictionary<string, ServerOptions> servers, string server, out WorkloadId workload)
    {
        workload = default;
        if (servers.TryGetValue(server, out var configured))
        {
            return configured;
        }

        if (!WorkloadId.TryParse(server, out var asked))
        {
            throw new ToolException(servers.Count == 0
                ? $"--server: {Section} names no server, and '{server}' is no workload id"
                : $"--server: '{server}' is not named and no workload id; {Section} has {string.Join(", ", servers.Keys)}");
        }

        workload = asked;
        var same = servers.Where(entry => WorkloadId.TryParse(entry.Value.Workload ?? string.Empty, out var named) && named == asked).ToList();
        return same.Count <= 1
            ? same.FirstOrDefault().Value
            : throw new ToolException($"--server: '{server}' is named by several entries of {Section}: {string.Join(", ", same.Select(entry => entry.Key))}; give the name of one");
    }
}
