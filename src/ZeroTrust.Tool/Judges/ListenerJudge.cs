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
        var declared = _listeners?.Roles ?? new Dictionary<string, ListenerRole>(StringComparer.Ordinal);
        _name = declared.Keys.FirstOrDefault(name => name.Equals(listener, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(listener, declared);
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
        EntriesOf(nameof(_options.Peers), _options.Peers).Concat(EntriesOf(nameof(_options.ForwardingProxies), _options.ForwardingProxies));

    public override Verdict<VerifiedPeer> Decide(IReadOnlyList<byte[]> presented) => Handshakes.Judge(_listeners!.AcceptClient(_name), presented);

    public override string IdentityText(VerifiedPeer peer) =>
        "admitted by " + string.Join(" and ", Entries.Where(entry => WorkloadId.Parse(entry.Workload) == peer.Workload).Select(entry => entry.Path));

    public override string? SettingOf(string code, TrustDomain domain) =>
        code is "mtls.peer_not_listed" or "mtls.no_workload_id" ? $"{_path}:{nameof(_options.Peers)}" : base.SettingOf(code, domain);

    /// <summary>Why no entry admits a client that is proved, with the one that was probably meant.</summary>
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

    private static ToolException Unknown(string listener, IReadOnlyDictionary<string, ListenerRole> declared) => new(
        declared.Count == 0
            ? $"--listener: {ListenersOptions.SectionName} declares no listener"
            : $"--listener: '{listener}' is not declared; {ListenersOptions.SectionName} has "
                + string.Join(", ", declared.Select(entry => $"{entry.Key} ({entry.Value})")));

    private IEnumerable<(string Path, string Workload)> EntriesOf(string setting, IEnumerable<string> workloads) =>
        workloads.Select((workload, index) => (FormattableString.Invariant($"{_path}:{setting}:{index}"), workload));
}
