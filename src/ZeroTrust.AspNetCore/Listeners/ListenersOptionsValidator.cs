using System.Globalization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Stops the host on every listener that is incomplete and on every address that is not a listener.</summary>
internal sealed class ListenersOptionsValidator(
    IConfiguration configuration,
    IServiceProviderIsService services,
    IEnumerable<Weakening> weakenings,
    TimeProvider time,
    IOptions<HostFilteringOptions> hosts,
    ListenerDangers? dangers = null) : IValidateOptions<ListenersOptions>
{
    private readonly FileRules _files = FileRules.Of(weakenings.Select(weakening => weakening.Name));
    private readonly AllowedHostNames _hosts = new(hosts.Value.AllowedHosts);

    public ValidateOptionsResult Validate(string? name, ListenersOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Listeners.Count == 0)
        {
            result.AddError($"{ListenersOptions.SectionName}: no listener is declared.");
        }

        foreach (var (listener, settings) in options.Listeners)
        {
            var plan = ListenerPlan.Read(listener, settings, error => result.AddError(error), _files, dangers, time);
            if (plan is { IsTls: true, CertificateFile.Length: 0 } && !services.IsService(typeof(PeerTls)))
            {
                result.AddError($"{ListenersOptions.SectionName}:{listener}: presents the workload's certificate, and AddMtls() was not called.");
            }

            CheckForwardedHosts(result, listener, settings);
        }

        foreach (var listener in (dangers?.Tls12.Keys ?? []).Where(listener => !options.Listeners.ContainsKey(listener)))
        {
            result.AddError($"{ListenersOptions.SectionName}:{listener}: code allows TLS 1.2 on it, and it is not declared.");
        }

        RefuseOtherAddresses(result);
        return result.Build();
    }

    private void CheckForwardedHosts(ValidateOptionsResultBuilder result, string listener, ListenerOptions settings)
    {
        for (var i = 0; i < settings.ForwardedHosts.Count; i++)
        {
            if (!_hosts.Covers(settings.ForwardedHosts[i]))
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"{listener}:{nameof(settings.ForwardedHosts)}:{i}");
                result.AddError(
                    $"{ListenersOptions.SectionName}:{path}: {SettingText.Quoted(settings.ForwardedHosts[i])} is not within AllowedHosts, "
                    + "so that each call for it would be answered 400; name it there too.");
            }
        }
    }

    private void RefuseOtherAddresses(ValidateOptionsResultBuilder result)
    {
        RefuseSetting(result, "urls", SourcesOfUrls());
        RefuseSetting(result, "https_ports", "ASPNETCORE_HTTPS_PORTS");

        // Container images of ASP.NET Core set http_ports for everybody, and Kestrel binds none of them beside listeners, unless this is on.
        if (configuration[WebHostDefaults.PreferHostingUrlsKey] is { Length: > 0 } prefer && !prefer.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            result.AddError(
                $"{WebHostDefaults.PreferHostingUrlsKey}: {SettingText.Quoted(prefer)} would bind other addresses in place of {ListenersOptions.SectionName}; remove it.");
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            result.AddError($"{endpoint.Path}: is not a declared listener; remove it and declare {ListenersOptions.SectionName}.");
        }
    }

    // dotnet run names the profile that it took its variables from (DOTNET_LAUNCH_PROFILE).
    private string SourcesOfUrls()
    {
        const string Sources = "ASPNETCORE_URLS, --urls, UseUrls, applicationUrl";
        return configuration["LAUNCH_PROFILE"] is { Length: > 0 } profile
            ? $"{Sources} of the profile {SettingText.Quoted(profile)} in Properties/launchSettings.json, "
                + "which 'dotnet run --no-launch-profile' leaves out"
            : Sources;
    }

    private void RefuseSetting(ValidateOptionsResultBuilder result, string key, string sources)
    {
        if (configuration[key] is { Length: > 0 } addresses)
        {
            result.AddError(
                $"{key}: '{AddressText.WithoutUser(addresses)}' is not a declared listener; remove it ({sources}) and declare {ListenersOptions.SectionName}.");
        }
    }
}
