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

    /// <exception cref="ToolException">It is neither the name of a server nor a workload id.</exception>
    public ServerJudge(ServiceHost host, string server)
        : base(host)
    {
        _clients = host.Services.GetRequiredService<MtlsHandlerFactory>();
        var servers = host.Mtls.Servers;
        if (servers.TryGetValue(server, out var configured))
        {
            _name = server;
            _isPartner = configured.AnchorFile is not null;
        }
        else if (!WorkloadId.TryParse(server, out _workload))
        {
            throw new ToolException(servers.Count == 0
                ? $"--server: {Section} names no server, and '{server}' is no workload id"
                : $"--server: '{server}' is not named and no workload id; {Section} has {string.Join(", ", servers.Keys)}");
        }
    }

    public override PeerRole Role => PeerRole.Server;

    public override string Place => $"server {_name ?? _workload.ToString()}";

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
}
