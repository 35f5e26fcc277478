using System.Collections.Frozen;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Who may forward certificates on a listener, and whose. A connection feature of listeners that have proxies.</summary>
internal sealed class ForwardingPolicy
{
    private readonly PeerAllowList _clients;
    private readonly FrozenSet<WorkloadId> _proxies;

    private ForwardingPolicy(PeerAllowList clients, IEnumerable<WorkloadId> proxies, ForwardedCertificateFormat format)
    {
        Format = format;
        _clients = clients;
        _proxies = proxies.ToFrozenSet();
        Admitted = new PeerAllowList(clients.Workloads.Concat(_proxies));
    }

    /// <summary>Everyone who may connect: the peers and the proxies.</summary>
    public PeerAllowList Admitted { get; }

    /// <summary>How the proxies write the certificates.</summary>
    public ForwardedCertificateFormat Format { get; }

    /// <summary>Reads the proxies of a listener; every fault is reported.</summary>
    /// <returns>Null where no proxy is named.</returns>
    public static ForwardingPolicy? Read(ListenerOptions options, PeerAllowList? clients, Action<string, string> fault)
    {
        if (options.ForwardingProxies.Count == 0)
        {
            if (options.ForwardedCertificate != ForwardedCertificateFormat.Rfc9440)
            {
                fault(
                    nameof(options.ForwardedCertificate),
                    "is how the proxies in ForwardingProxies write certificates, and there are none.");
            }

            return null;
        }

        if (options.Role is ListenerRole.Edge or ListenerRole.Probe)
        {
            fault(nameof(options.ForwardingProxies), $"a listener of role {options.Role} verifies no peers, proxies included.");
        }

        if (!Enum.IsDefined(options.ForwardedCertificate))
        {
            fault(nameof(options.ForwardedCertificate), "is Rfc9440, Rfc9440JoinedChain or Xfcc.");
        }

        var proxies = new List<WorkloadId>();
        for (var i = 0; i < options.ForwardingProxies.Count; i++)
        {
            if (WorkloadId.TryParse(options.ForwardingProxies[i], out var proxy))
            {
                proxies.Add(proxy);
            }
            else
            {
                fault(
                    FormattableString.Invariant($"{nameof(options.ForwardingProxies)}:{i}"),
                    $"{SettingText.Quoted(options.ForwardingProxies[i])} is not a workload id.");
            }
        }

        return clients is null ? null : new ForwardingPolicy(clients, proxies, options.ForwardedCertificate);
    }

    public bool IsProxy(VerifiedPeer peer) => peer.Workload is { } workload && _proxies.Contains(workload);

    /// <summary>Checks a proved client against the listener's own peers; that it may forward gives a proxy no place among them.</summary>
    public Verdict<VerifiedPeer> CheckClient(VerifiedPeer client) => _clients.Check(client);
}
