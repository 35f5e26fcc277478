using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>One listener, read and proved complete.</summary>
internal sealed record ListenerPlan(string Name, ListenerRole Role, BindingAddress Address, HttpProtocols Protocols, TimeSpan HandshakeTimeout)
{
    private const int MaxNameLength = 64;
    internal const int MaxHandshakes = 10_000;
    internal const int MostConnections = 100_000;
    private const int ProbeConnections = 256;
    private const int TlsConnections = 10_000;

    private static readonly TimeSpan MinHandshakeTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxHandshakeTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxRotationDrain = TimeSpan.FromMinutes(10);

    /// <summary>Who may connect, proxies included; null on edge and probe.</summary>
    public PeerAllowList? Peers { get; private init; }

    /// <summary>Who may forward whom; null where nobody may.</summary>
    public ForwardingPolicy? Forwarding { get; private init; }

    /// <summary>From where connections begin with a header of the PROXY protocol; null where none does.</summary>
    public AddressRanges? ProxyProtocolFrom { get; private init; }

    /// <summary>Whose forwarded headers are believed; null where nobody's are.</summary>
    public ForwardedHeadersPolicy? ForwardedHeaders { get; private init; }

    public string CertificateFile { get; private init; } = string.Empty;

    public string KeyFile { get; private init; } = string.Empty;

    public FileRules Files { get; private init; } = FileRules.Strict;

    public int MaxConcurrentHandshakes { get; private init; }

    public TimeSpan ClientHelloTimeout { get; private init; }

    public int MaxPendingConnections { get; private init; }

    public int MaxConnections { get; private init; }

    public bool AllowResumption { get; private init; }

    public TimeSpan RotationDrain { get; private init; }

    public bool AuditsServedCalls { get; private init; }

    /// <summary>Why code lets it speak TLS 1.2 too; null where it does not.</summary>
    public string? Tls12Reason { get; private init; }

    public bool IsTls => Role != ListenerRole.Probe;

    /// <summary>Begins one handshake with a peer; for listeners that have peers.</summary>
    public PeerServerHandshake AcceptClient(PeerTls tls, ResumedPeers? resumption, Action<Rejection, PeerCertificates?>? refused)
    {
        var handshake = tls.AcceptClient(Peers!, resumption, refused);
        return Tls12Reason is { } reason ? handshake.DangerousAllowTls12(reason) : handshake;
    }

    /// <summary>Reads one listener; every fault is reported with its path, and with any fault there is no plan.</summary>
    public static ListenerPlan? Read(
        string name,
        ListenerOptions options,
        Action<string> report,
        FileRules? files = null,
        ListenerDangers? dangers = null,
        TimeProvider? time = null)
    {
        var faults = 0;
        void Fault(string setting, string error)
        {
            faults++;
            report($"{ListenersOptions.SectionName}:{name}{(setting.Length == 0 ? string.Empty : ":" + setting)}: {error}");
        }

        if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            Fault(string.Empty, $"a name has 1 to {MaxNameLength} letters, digits, '-' and '_'.");
        }

        if (options.Role is ListenerRole.Unspecified || !Enum.IsDefined(options.Role))
        {
            Fault(nameof(options.Role), "a listener has a role: Edge, Mesh, Probe or Management.");
        }

        CheckHandshakeTime(nameof(options.HandshakeTimeout), options.HandshakeTimeout, Fault);
        CheckHandshakeTime(nameof(options.ClientHelloTimeout), options.ClientHelloTimeout, Fault);

        if (options.MaxConcurrentHandshakes is < 1 or > MaxHandshakes)
        {
            Fault(nameof(options.MaxConcurrentHandshakes), FormattableString.Invariant($"is from 1 to {MaxHandshakes}."));
        }

        if (options.MaxPendingConnections is < 1 or > MostConnections)
        {
            Fault(nameof(options.MaxPendingConnections), FormattableString.Invariant($"is from 1 to {MostConnections}."));
        }

        if (options.MaxConnections is < 1 or > MostConnections)
        {
            Fault(nameof(options.MaxConnections), FormattableString.Invariant($"is from 1 to {MostConnections}."));
        }

        if (options.RotationDrain < TimeSpan.Zero || options.RotationDrain > MaxRotationDrain)
        {
            Fault(nameof(options.RotationDrain), $"is from {TimeSpan.Zero} to {MaxRotationDrain}.");
        }

        if (options.AllowResumption && options.Role is (ListenerRole.Edge or ListenerRole.Probe))
        {
            Fault(nameof(options.AllowResumption), $"a listener of role {options.Role} verifies no peers, so no resumption is verified.");
        }

        ListenerCertificates.CheckHeaders(options, Fault);
        var tls12 = Tls12Of(name, options, dangers, Fault);
        var address = AddressOf(options, Fault);
        var protocols = ProtocolsOf(options, Fault);
        var peers = PeersOf(options, Fault);
        var forwarding = ForwardingPolicy.Read(options, peers, Fault);
        var proxied = AddressRanges.Read(nameof(options.ProxyProtocolFrom), options.ProxyProtocolFrom, Fault);
        var headers = ForwardedHeadersPolicy.Read(options, forwarding, Fault);
        ListenerCertificates.Check(name, options, Fault, files ?? FileRules.Strict, (time ?? TimeProvider.System).GetUtcNow());
        return faults > 0 || address is null
            ? null
            : new ListenerPlan(name, options.Role, address, protocols, options.HandshakeTimeout)
            {
                Peers = forwarding?.Admitted ?? peers,
                Forwarding = forwarding,
                ProxyProtocolFrom = proxied,
                ForwardedHeaders = headers,
                CertificateFile = options.CertificateFile,
                KeyFile = options.KeyFile,
                Files = files ?? FileRules.Strict,
                MaxConcurrentHandshakes = options.MaxConcurrentHandshakes,
                ClientHelloTimeout = options.ClientHelloTimeout,
                MaxPendingConnections = options.MaxPendingConnections,
                MaxConnections = options.MaxConnections ?? (options.Role == ListenerRole.Probe ? ProbeConnections : TlsConnections),
                AllowResumption = options.AllowResumption,
                RotationDrain = options.RotationDrain,
                AuditsServedCalls = options.AuditServedCalls,
                Tls12Reason = tls12,
            };
    }

    private static string? Tls12Of(string name, ListenerOptions options, ListenerDangers? dangers, Action<string, string> fault)
    {
        if (dangers?.Tls12.TryGetValue(name, out var reason) != true)
        {
            return null;
        }

        if (options.Role == ListenerRole.Probe)
        {
            fault(string.Empty, $"code allows TLS 1.2 here, and a listener of role {options.Role} speaks no TLS.");
        }

        if (options.AllowResumption)
        {
            fault(nameof(options.AllowResumption), "code allows TLS 1.2 here, whose sessions are not resumed.");
        }

        return reason;
    }

    private static void CheckHandshakeTime(string setting, TimeSpan time, Action<string, string> fault)
    {
        if (time < MinHandshakeTimeout || time > MaxHandshakeTimeout)
        {
            fault(setting, $"is from {MinHandshakeTimeout} to {MaxHandshakeTimeout}.");
        }
    }

    private static BindingAddress? AddressOf(ListenerOptions options, Action<string, string> fault)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(options.Url);
        }
        catch (FormatException)
        {
            fault(nameof(options.Url), $"{SettingText.Quoted(options.Url)} is not an address; one looks like https://127.0.0.1:7001.");
            return null;
        }

        var scheme = options.Role == ListenerRole.Probe ? "http" : "https";
        if (options.Role != ListenerRole.Unspecified && !string.Equals(address.Scheme, scheme, StringComparison.OrdinalIgnoreCase))
        {
            fault(nameof(options.Url), $"a listener of role {options.Role} is {scheme}, not {SettingText.Quoted(address.Scheme)}.");
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.PathBase.Length > 0)
        {
            fault(nameof(options.Url), "has a host and a port and no path.");
        }
        else if (address.Host.Contains('@', StringComparison.Ordinal))
        {
            fault(nameof(options.Url), "has a host and a port and no user information.");
        }
        else if (!IsAnyIP(address) && !IsLocalhost(address) && !IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
        {
            // Kestrel binds every interface for a name it does not know.
            fault(nameof(options.Url), $"{HostOf(address)} is not an IP address, localhost or *.");
        }
        else if (address.Port == 0 && IsLocalhost(address))
        {
            fault(nameof(options.Url), "localhost is two addresses, which cannot share a free port; name 127.0.0.1 or [::1].");
        }

        return address;
    }

    // What is no name may be a password: user:password without a host.
    private static string HostOf(BindingAddress address) =>
        address.Host.All(static letter => char.IsLetterOrDigit(letter) || letter is '.' or '-') ? $"the host {SettingText.Quoted(address.Host)}" : "the host";

    public static bool IsAnyIP(BindingAddress address) => address.Host is "*" or "+";

    public static bool IsLocalhost(BindingAddress address) => string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    private static HttpProtocols ProtocolsOf(ListenerOptions options, Action<string, string> fault)
    {
        var isProbe = options.Role == ListenerRole.Probe;
        switch (options.Protocols.ToUpperInvariant())
        {
            case "":
                return isProbe ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            case "HTTP1":
                return HttpProtocols.Http1;
            case "HTTP2":
                return HttpProtocols.Http2;
            case "HTTP1ANDHTTP2" when isProbe:
                fault(nameof(options.Protocols), "plain text has no negotiation; Http1 and Http2 need a listener each.");
                return default;
            case "HTTP1ANDHTTP2":
                return HttpProtocols.Http1AndHttp2;
            case var text when text.Contains("HTTP3", StringComparison.Ordinal):
                fault(nameof(options.Protocols), "HTTP/3 is not served: its handshake runs no check of ours.");
                return default;
            default:
                fault(nameof(options.Protocols), $"{SettingText.Quoted(options.Protocols)} is not Http1, Http2 or Http1AndHttp2.");
                return default;
        }
    }

    private static PeerAllowList? PeersOf(ListenerOptions options, Action<string, string> fault)
    {
        if (options.Role is not (ListenerRole.Mesh or ListenerRole.Management))
        {
            if (options.Peers.Count > 0 && options.Role != ListenerRole.Unspecified)
            {
                fault(nameof(options.Peers), $"a listener of role {options.Role} verifies no peers.");
            }

            return null;
        }

        var workloads = new List<WorkloadId>();
        for (var i = 0; i < options.Peers.Count; i++)
        {
            if (WorkloadId.TryParse(options.Peers[i], out var workload))
            {
                workloads.Add(workload);
            }
            else
            {
                fault(FormattableString.Invariant($"{nameof(options.Peers)}:{i}"), $"{SettingText.Quoted(options.Peers[i])} is not a workload id.");
            }
        }

        if (options.Peers.Count == 0)
        {
            fault(nameof(options.Peers), $"a listener of role {options.Role} names the workloads it admits.");
        }

        return workloads.Count == 0 ? null : new PeerAllowList(workloads);
    }
}
