namespace ZeroTrust.ArchitectureTests;

/// <summary>Every setting with every other separator, and the variables of every Kubernetes service that is named like a part of them.</summary>
public sealed class SettingsSeparatorTests
{
    private static readonly string[] Variables =
    [
        "SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTPS", "SERVICE_PORT_URL", "PORT", "PORT_443_TCP", "PORT_443_TCP_PROTO", "PORT_443_TCP_PORT",
        "PORT_443_TCP_ADDR", "PORT_53_UDP", "PORT_53_UDP_ADDR", "PORT_9_SCTP_ADDR",
    ];

    [Theory]
    [InlineData("_")]
    [InlineData("__")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("")]
    public async Task A_setting_with_another_separator_stops_the_host_which_names_the_right_spelling(string separator)
    {
        var keys = Values().ToDictionary(
            path => path.Replace(":", separator, StringComparison.Ordinal),
            path => path.Replace(":0", ":{n}", StringComparison.Ordinal).Replace(":any", ":{name}", StringComparison.Ordinal),
            StringComparer.Ordinal);

        var faults = await SettingsHost.RefuseAsync([.. keys.Keys.Select(static key => (key, (string?)"x"))]);

        Assert.True(keys.Count > 80, $"{keys.Count} settings");
        Assert.All(keys, key => Assert.Contains(faults, fault => fault.StartsWith($"{key.Key}: is read by nothing; did you mean {key.Value}?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Variables_of_kubernetes_services_that_are_named_like_settings_are_left_alone()
    {
        var services = Values().SelectMany(Parts).Distinct(StringComparer.Ordinal).Select(part => part.Replace(':', '_').ToUpperInvariant());

        var faults = await SettingsHost.RefuseAsync(
            [.. services.SelectMany(service => Variables.Select(variable => ($"{service}_{variable}", (string?)"443")))]);

        Assert.DoesNotContain(faults, fault => fault.Contains("is read by nothing", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Values() => SettingsTable.All.SelectMany(table => table.Shape.Values(table.Path));

    private static IEnumerable<string> Parts(string path)
    {
        var names = path.Split(':');
        return Enumerable.Range(1, names.Length).Select(count => string.Join(':', names.Take(count)));
    }
}
