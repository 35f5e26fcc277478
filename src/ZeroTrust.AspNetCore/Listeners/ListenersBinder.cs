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
            case "CERTIFICATEFILE":
                listener.CertificateFile = value;
                return null;
            case "KEYFILE":
                listener.KeyFile = value;
                return null;
            case "HANDSHAKETIMEOUT":
                var isTime = TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var timeout);
                listener.HandshakeTimeout = isTime ? timeout : listener.HandshakeTimeout;
                return isTime ? null : $"'{value}' is not a time span.";
            default:
                return "is not a setting of a listener.";
        }
    }

    // Numbers are not names, although Enum.TryParse takes them.
    private static ListenerRole RoleOf(string text) =>
        Enum.GetValues<ListenerRole>().FirstOrDefault(role => string.Equals(role.ToString(), text, StringComparison.OrdinalIgnoreCase));
}
