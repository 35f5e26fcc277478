using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Reads <c>ZeroTrust:Listeners</c> strictly: what is misspelt is reported with all else, not skipped or thrown alone.</summary>
internal sealed class ListenersBinder(IConfiguration configuration) : IConfigureOptions<ListenersOptions>
{
    public void Configure(ListenersOptions options)
    {
        foreach (var section in configuration.GetSection(ListenersOptions.SectionName).GetChildren())
        {
            var listener = new ListenerOptions();
            foreach (var setting in section.GetChildren())
            {
                if (Read(listener, setting) is { } error)
                {
                    options.Unreadable.Add($"{setting.Path}: {error}");
                }
            }

            options.Listeners[section.Key] = listener;
        }
    }

    private static string? Read(ListenerOptions listener, IConfigurationSection setting)
    {
        var value = setting.Value ?? string.Empty;
        switch (setting.Key.ToUpperInvariant())
        {
            case "URL":
                listener.Url = value;
                return null;
            case "ROLE":
                listener.Role = RoleOf(value);
                return listener.Role == ListenerRole.Unspecified ? $"'{value}' is not a role; Edge, Mesh, Probe and Management are." : null;
            case "PROTOCOLS":
                listener.Protocols = value;
                return null;
            case "PEERS":
                listener.Peers = [.. setting.GetChildren().Select(peer => peer.Value ?? string.Empty)];
                return setting.Value is { Length: > 0 } ? "is a list." : null;
            case "FORWARDINGPROXIES":
                listener.ForwardingProxies = [.. setting.GetChildren().Select(proxy => proxy.Value ?? string.Empty)];
                return setting.Value is { Length: > 0 } ? "is a list." : null;
            case "CERTIFICATEFILE":
                listener.CertificateFile = value;
                return null;
            case "KEYFILE":
                listener.KeyFile = value;
                return null;
            case "HANDSHAKETIMEOUT":
                return ReadTime(value, time => listener.HandshakeTimeout = time);
            case "CLIENTHELLOTIMEOUT":
                return ReadTime(value, time => listener.ClientHelloTimeout = time);
            case "ROTATIONDRAIN":
                return ReadTime(value, time => listener.RotationDrain = time);
            case "MAXCONCURRENTHANDSHAKES":
                return ReadCount(value, count => listener.MaxConcurrentHandshakes = count);
            case "MAXPENDINGCONNECTIONS":
                return ReadCount(value, count => listener.MaxPendingConnections = count);
            case "MAXCONNECTIONS":
                return ReadCount(value, count => listener.MaxConnections = count);
            case "ALLOWRESUMPTION":
                var isChoice = bool.TryParse(value, out var allowed);
                listener.AllowResumption = allowed;
                return isChoice ? null : $"'{value}' is neither true nor false.";
            case "AUDITSERVEDCALLS":
                var isAudited = bool.TryParse(value, out var audit);
                listener.AuditServedCalls = audit;
                return isAudited ? null : $"'{value}' is neither true nor false.";
            default:
                return "is not a setting of a listener.";
        }
    }

    private static string? ReadTime(string value, Action<TimeSpan> set)
    {
        if (!TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time))
        {
            return $"'{value}' is not a time span.";
        }

        set(time);
        return null;
    }

    private static string? ReadCount(string value, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return $"'{value}' is not a number.";
        }

        set(count);
        return null;
    }

    // Numbers are not names, although Enum.TryParse takes them.
    private static ListenerRole RoleOf(string text) =>
        Enum.GetValues<ListenerRole>().FirstOrDefault(role => string.Equals(role.ToString(), text, StringComparison.OrdinalIgnoreCase));
}
