using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Judges;

/// <summary>A listener that a client connects to.</summary>
internal sealed class ListenerJudge : ServiceJudge
{
    private readonly DeclaredListeners? _listeners;
    private readonly ListenerOptions _options;
    private readonly string _path;
    private readonly string _name;

    /// <exception cref="ToolException">There is no such listener, or it verifies nobody.</exception>
    public ListenerJudge(ServiceHost host, string listener)
        : base(host)
    {
        _listeners = host.Services.GetService<DeclaredListeners>();
        var declared = _listeners?.Roles ?? new Dictionary<string, ListenerRole>();
        _name = declared.Keys.FirstOrDefault(name => name.Equals(listener, StringComparison.OrdinalIgnoreCase)) ?? throw new ToolException(
            declared.Count == 0
                ? $"--listener: {ListenersOptions.SectionName} declares no listener"
                : $"--listener: '{listener}' is not declared; {ListenersOptions.SectionName} has {string.Join(", ", declared.Select(entry => $"{entry.Key} ({entry.Value})"))}");
        if (declared[_name] is not (ListenerRole.Mesh or ListenerRole.Management))
        {
            throw new ToolException($"--listener: '{_name}' is of role {declared[_name]}, which verifies no peers");
        }

        _path = $"{ListenersOptions.SectionName}:{_name}";
        _options = host.Services.GetRequiredService<IOptions<ListenersOptions>>().Value.Listeners[_name];
    }

    public override PeerRole Role => PeerRole.Client;

    public override string Place => $"listener {_name}";

    private IEnumerable<(string Path, string Workload)> Entries =>
        _options.Peers.Select((peer, index) => (FormattableString.Invariant($"{_path}:{nameof(_options.Peers)}:{index}"), peer))
            .Concat(_options.ForwardingProxies.Select((proxy, index) => (FormattableString.Invariant($"{_path}:{nameof(_options.ForwardingProxies)}:{index}"), proxy)));

    public override Verdict<VerifiedPeer> Decide(IReadOnlyList<byte[]> presented) => Handshakes.Judge(_listeners!.AcceptClient(_name), presented);

    public override string IdentityText(VerifiedPeer peer) =>
        "admitted by " + string.Join(" and ", Entries.Where(entry => WorkloadId.Parse(entry.Workload) == peer.Workload).Select(entry => entry.Path));

    public override string? SettingOf(string code, TrustDomain domain) =>
        code is "mtls.peer_not_listed" or "mtls.no_workload_id" ? $"{_path}:{nameof(_options.Peers)}" : base.SettingOf(code, domain);

    public override string? MissingRule(Rejection rejection)
    {
        if (rejection.Code != "mtls.peer_not_listed")
        {
            return null;
        }

        var entries = Entries.ToList();
        var nearest = NearestName.Of(rejection.Presented!, entries.Select(entry => entry.Workload));
        var advice = nearest is null ? string.Empty : $"; the nearest is {entries.First(entry => entry.Workload == nearest).Path}, {nearest}";
        return FormattableString.Invariant($"none of the {entries.Count} entries of the listener is {rejection.Presented}{advice}");
    }
}
