using System.Buffers;
using System.Collections.Frozen;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>
/// Tells the headers in which proxies say where a client comes from and what it asked for, in any spelling that a server, proxy or
/// gateway may equate.
/// </summary>
/// <remarks>
/// The page <c>docs/reference/forwarded-headers.md</c> lists them; a test compares both. Those of a client's certificate are none of these.
/// </remarks>
internal sealed class ForwardedHeaders
{
    public const string For = "x-forwarded-for";
    public const string Proto = "x-forwarded-proto";
    public const string Host = "x-forwarded-host";

    /// <summary>Whole names, or their beginning before a star or a further word. The first that fits counts.</summary>
    public static readonly string[] Families =
    [
        For, Proto, Host, "x-forwarded*", "forwarded", "forwarded-*", "x-original-for", "x-original-proto", "x-original-host",
        "x-original-port", "x-original-prefix", "x-original-forwarded*", "x-original-remote*", "x-real-ip", "x-real-port",
        "true-client-ip", "cf-connecting-ip*", "cf-pseudo-ipv4", "cf-visitor", "fastly-client-ip", "x-client-ip", "x-cluster-client-ip",
        "client-ip", "proxy-client-ip", "wl-proxy-client-ip", "wl-proxy-ssl", "x-azure-clientip", "x-azure-socketip",
        "x-appengine-user-ip", "x-envoy-external-address", "x-originating-ip", "x-remote-ip", "x-remote-addr", "remote-addr",
        "cloudfront-viewer-address", "cloudfront-forwarded-proto", "fly-client-ip", "fly-forwarded-port", "do-connecting-ip",
        "x-nf-client-connection-ip", "x-proxyuser-ip", "x-http-host-override", "x-scheme", "x-url-scheme", "front-end-https",
        "x-proto", "x-https", "ssl-https", "x-use-ssl", "fastly-ssl", "x-arr-ssl", "x-appservice-proto", "x-host", "x-http-host",
        "x-host-override", "x-requested-host", "disguised-host", "was-default-hostname", "x-ms-client-principal*", "x-ms-token-*",
        "x-envoy-internal", "x-envoy-peer-metadata*", "x-cluster-client", "x-netlify-ip", "x-coming-from", "x-forwarder-for",
        "x-imforwards", "x-bluecoat-via",
    ];

    /// <summary>What proxies call the one they speak of: a name that ends with this and a fact is one, whatever comes before.</summary>
    public static readonly string[] Clients =
    [
        "client", "real", "connecting", "originating", "remote", "source", "src", "peer", "caller", "viewer", "visitor", "true", "external",
        "socket",
    ];

    /// <summary>What is said of it.</summary>
    public static readonly string[] Facts = ["ip", "ipv4", "ipv6", "addr", "address", "host", "port", "proto", "scheme"];

    /// <summary>Letters and digits in a row that the name ends with, whatever stands between them.</summary>
    public static readonly string[] Endings = ["forwardedfor", "userip", "customerip"];

    // Of every name above one is a part: what holds none of them is no header of concern.
    private static readonly SearchValues<string> Markers = SearchValues.Create(
        [
            "forward", "original", "originat", "real", "client", "connecting", "pseudo", "visitor", "wl", "proxyuser", "azure",
            "appengine", "external", "remote", "viewer", "override", "scheme", "front", "ip", "addr", "host", "proto", "port", "https",
            "ssl", "token", "internal", "metadata", "cluster", "coming", "bluecoat",
        ],
        StringComparison.OrdinalIgnoreCase);

    // As the metric tells them: a closed set.
    private static readonly string[] EndingNames = [.. Endings.Select(static ending => "*" + ending)];

    private static readonly string[] FactNames = [.. Clients.SelectMany(static client => Facts.Select(fact => $"*{client}{fact}"))];

    private readonly CertificateHeaders _certificates;
    private readonly FrozenSet<string> _left;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _leftSpans;

    /// <param name="certificates">Those that another takes.</param>
    /// <param name="left">Names that code leaves where they are.</param>
    public ForwardedHeaders(CertificateHeaders certificates, IEnumerable<string> left)
    {
        _certificates = certificates;
        _left = left.Select(HeaderSpelling.Of).ToFrozenSet(StringComparer.Ordinal);
        _leftSpans = _left.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The name it is known by (a closed set, safe as a metric attribute), or null for a header of no concern.</summary>
    public string? Recognize(string name)
    {
        if (!name.AsSpan().ContainsAny(Markers))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[HeaderSpelling.Longest];
        var spelled = buffer[..HeaderSpelling.Spell(name.AsSpan(0, Math.Min(name.Length, HeaderSpelling.Longest)), buffer)];
        return Find(spelled) is { } known && !_leftSpans.Contains(spelled) && _certificates.Recognize(name) is null ? known : null;
    }

    private static string? Find(ReadOnlySpan<char> spelled)
    {
        foreach (var family in Families)
        {
            if (CertificateHeaderFamilies.Fits(spelled, family))
            {
                return family;
            }
        }

        Span<char> buffer = stackalloc char[HeaderSpelling.Longest];
        var squeezed = buffer[..HeaderSpelling.Squeeze(spelled, buffer)];
        for (var i = 0; i < Endings.Length; i++)
        {
            if (squeezed.EndsWith(Endings[i]))
            {
                return EndingNames[i];
            }
        }

        return FindFact(squeezed);
    }

    private static string? FindFact(ReadOnlySpan<char> squeezed)
    {
        for (var fact = 0; fact < Facts.Length; fact++)
        {
            if (!squeezed.EndsWith(Facts[fact]))
            {
                continue;
            }

            var before = squeezed[..^Facts[fact].Length];
            for (var client = 0; client < Clients.Length; client++)
            {
                if (before.EndsWith(Clients[client]))
                {
                    return FactNames[(client * Facts.Length) + fact];
                }
            }
        }

        return null;
    }
}
