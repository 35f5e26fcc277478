using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Addresses and networks as an operator lists them. IPv4 addresses that are mapped into IPv6 are compared as IPv4.</summary>
internal sealed class AddressRanges
{
    // RFC 4291 section 2.5.5.2: ::ffff:0:0/96.
    private const int MappedPrefix = 96;

    private readonly IPNetwork[] _networks;

    private AddressRanges(IEnumerable<IPNetwork> networks) => _networks = [.. networks];

    /// <summary>Reads one setting; every fault is reported.</summary>
    /// <returns>Null where nothing is listed.</returns>
    public static AddressRanges? Read(string setting, IReadOnlyList<string> texts, Action<string, string> fault)
    {
        var networks = new List<IPNetwork>();
        for (var i = 0; i < texts.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{setting}:{i}");
            if (!TryRead(texts[i], out var network))
            {
                fault(path, $"{SettingText.Quoted(texts[i])} is not an IP address or a network; one looks like 192.0.2.7 or 10.0.0.0/8.");
            }
            else if (network.PrefixLength == 0)
            {
                fault(path, $"{SettingText.Quoted(texts[i])} is every address: each caller could say where it comes from.");
            }
            else
            {
                networks.Add(network);
            }
        }

        return networks.Count == 0 ? null : new AddressRanges(networks);
    }

    public bool Contains(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
        {
            return false;
        }

        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryRead(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!WrittenAddress.TryRead(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }

        var longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = longest;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > longest))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            prefix -= MappedPrefix;
            address = address.MapToIPv4();
        }

        // Bits behind the prefix, which the platform would clear, are a network that the operator did not mean.
        return prefix >= 0
            && IPNetwork.TryParse(string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}"), out network)
            && network.BaseAddress.Equals(address);
    }
}
