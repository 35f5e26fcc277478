using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.Shared;
using FrameworkHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Whose forwarded headers are believed on a listener, and which. A connection feature of listeners that believe any.</summary>
/// <remarks>The framework's middleware reads them, the nearest entry alone: what comes before it, the client wrote.</remarks>
internal sealed class ForwardedHeadersPolicy
{
    private readonly ForwardingPolicy? _workloads;
    private readonly AddressRanges? _addresses;
    private readonly ForwardedHeadersMiddleware _framework;
    private readonly HashSet<string> _believed;

    private ForwardedHeadersPolicy(
        ForwardingPolicy? workloads, AddressRanges? addresses, IEnumerable<string> believed, IEnumerable<string> hosts)
    {
        _workloads = workloads;
        _addresses = addresses;
        _believed = [.. believed];
        var options = new ForwardedHeadersOptions { ForwardLimit = 1, ForwardedHeaders = FrameworkHeaders.None };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var host in hosts)
        {
            options.AllowedHosts.Add(host);
        }

        foreach (var header in _believed)
        {
            options.ForwardedHeaders |= header switch
            {
                ForwardedHeaders.For => FrameworkHeaders.XForwardedFor,
                ForwardedHeaders.Proto => FrameworkHeaders.XForwardedProto,
                _ => FrameworkHeaders.XForwardedHost,
            };
        }

        _framework = new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options));
    }

    /// <summary>Reads the settings of one listener; every fault is reported.</summary>
    /// <returns>Null where no header is believed.</returns>
    public static ForwardedHeadersPolicy? Read(ListenerOptions options, ForwardingPolicy? workloads, Action<string, string> fault)
    {
        var addresses = AddressRanges.Read(nameof(options.ForwardedHeadersFrom), options.ForwardedHeadersFrom, fault);
        if (options.ForwardedHeadersFrom.Count > 0 && options.Role != ListenerRole.Edge)
        {
            fault(
                nameof(options.ForwardedHeadersFrom),
                $"is for edge; a listener of role {options.Role} believes the workloads in ForwardingProxies, or nobody.");
        }

        var believed = new List<string>();
        for (var i = 0; i < options.ForwardedHeaders.Count; i++)
        {
            if (HeaderOf(options.ForwardedHeaders[i]) is { } header)
            {
                believed.Add(header);
            }
            else
            {
                fault(
                    string.Create(CultureInfo.InvariantCulture, $"{nameof(options.ForwardedHeaders)}:{i}"),
                    $"{SettingText.Quoted(options.ForwardedHeaders[i])} is not For, Proto or Host.");
            }
        }

        var areNames = CheckHosts(options, believed, fault);
        var hasProxies = options.ForwardingProxies.Count > 0 || options.ForwardedHeadersFrom.Count > 0;
        if (options.ForwardedHeaders.Count > 0 && !hasProxies)
        {
            fault(
                nameof(options.ForwardedHeaders),
                "needs the proxies whose headers are believed: ForwardingProxies on mesh and management, ForwardedHeadersFrom on edge.");
        }
        else if (options.ForwardedHeaders.Count == 0 && options.ForwardedHeadersFrom.Count > 0)
        {
            fault(nameof(options.ForwardedHeadersFrom), "needs ForwardedHeaders, which says what is believed: For, Proto, Host.");
        }

        return believed.Count > 0 && areNames && (workloads is not null || addresses is not null)
            ? new ForwardedHeadersPolicy(workloads, addresses, believed, options.ForwardedHosts)
            : null;
    }

    /// <summary>Whether the other end of the connection, as the transport or the PROXY protocol has it, is a proxy.</summary>
    public bool IsProxy(HttpContext context) =>
        (_workloads is not null && context.Features.Get<IPeerFeature>() is { } peer && _workloads.IsProxy(peer.Peer))
        || _addresses?.Contains(context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint) == true;

    /// <summary>Sets scheme, host and remote address by what is believed of these headers.</summary>
    /// <param name="context">The request, from which they were taken.</param>
    /// <param name="headers">What was taken.</param>
    /// <param name="recognize">Gives the name of a header that is to be taken.</param>
    /// <returns>Those that would be believed, and hold what cannot be: empty, without allocation, where there are none.</returns>
    public IReadOnlyList<InboundHeader> Apply(
        HttpContext context, IReadOnlyList<InboundHeader> headers, Func<string, string?> recognize)
    {
        List<InboundHeader>? refused = null;
        foreach (var header in headers)
        {
            // A proxy writes the exact name; another spelling is what the client behind it wrote.
            if (!header.IsExact || !_believed.Contains(header.Name))
            {
                continue;
            }

            if (EntryOf(header) is { } entry)
            {
                context.Request.Headers[header.Name] = entry;
            }
            else
            {
                (refused ??= []).Add(header);
            }
        }

        _framework.ApplyForwarders(context);

        // What is left the framework did not believe, and a second reader would; what it adds tells the same once more.
        foreach (var left in InboundHeaders.Take(context.Request.Headers, recognize))
        {
            if (_believed.Contains(left.Name))
            {
                (refused ??= []).Add(left);
            }
        }

        return refused ?? (IReadOnlyList<InboundHeader>)[];
    }

    /// <returns>The entry that the proxy itself wrote, as the framework is to read it; null where it says nothing that can be.</returns>
    private static string? EntryOf(InboundHeader header)
    {
        var line = (header.Values is [.., { } last] ? last : string.Empty).AsSpan();
        var entry = line[(line.LastIndexOf(',') + 1)..].Trim(" \t");
        return header.Name switch
        {
            ForwardedHeaders.For => WrittenAddress.IsEnd(entry) ? entry.ToString() : null,
            ForwardedHeaders.Proto => SchemeOf(entry),
            _ => entry.IsEmpty ? null : entry.ToString(),
        };
    }

    // The scheme goes into every absolute link: another, as javascript, would run in the browser that follows it.
    private static string? SchemeOf(ReadOnlySpan<char> entry) =>
        entry.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) ? Uri.UriSchemeHttps
        : entry.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) ? Uri.UriSchemeHttp
        : null;

    private static string? HeaderOf(string text) => text.ToUpperInvariant() switch
    {
        "FOR" => ForwardedHeaders.For,
        "PROTO" => ForwardedHeaders.Proto,
        "HOST" => ForwardedHeaders.Host,
        _ => null,
    };

    private static bool CheckHosts(ListenerOptions options, List<string> believed, Action<string, string> fault)
    {
        var isBelieved = believed.Contains(ForwardedHeaders.Host);
        if (isBelieved != options.ForwardedHosts.Count > 0)
        {
            fault(
                nameof(options.ForwardedHosts),
                isBelieved
                    ? "names the hosts that X-Forwarded-Host may hold, as ForwardedHeaders has Host."
                    : "needs Host in ForwardedHeaders.");
        }

        var areNames = true;
        for (var i = 0; i < options.ForwardedHosts.Count; i++)
        {
            if (options.ForwardedHosts[i].Trim() is "" or "*" or "*." or "[::]" or "0.0.0.0"
                || !AllowedHostNames.TrySpell(options.ForwardedHosts[i], out _))
            {
                areNames = false;
                fault(
                    string.Create(CultureInfo.InvariantCulture, $"{nameof(options.ForwardedHosts)}:{i}"),
                    "is a host name, or one behind '*.', without a port; every host is none.");
            }
        }

        return areNames;
    }
}
