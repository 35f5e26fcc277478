using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Stops the host on every listener that is incomplete and on every address that is not a listener.</summary>
internal sealed class ListenersOptionsValidator(
    IConfiguration configuration,
    IServiceProviderIsService services,
    IEnumerable<Weakening> weakenings,
    TimeProvider time,
    ListenerDangers? dangers = null) : IValidateOptions<ListenersOptions>
{
    private readonly FileRules _files = FileRules.Of(weakenings.Select(weakening => weakening.Name));

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
        }

        foreach (var listener in (dangers?.Tls12.Keys ?? []).Where(listener => !options.Listeners.ContainsKey(listener)))
        {
            result.AddError($"{ListenersOptions.SectionName}:{listener}: code allows TLS 1.2 on it, and it is not declared.");
        }

        RefuseOtherAddresses(result);
        return result.Build();
    }

    private void RefuseOtherAddresses(ValidateOptionsResultBuilder result)
    {
        RefuseSetting(result, "urls", "ASPNETCORE_URLS, --urls, UseUrls, applicationUrl");
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

    private void RefuseSetting(ValidateOptionsResultBuilder result, string key, string sources)
    {
        if (configuration[key] is { Length: > 0 } addresses)
        {
            result.AddError(
                $"{key}: '{AddressText.WithoutUser(addresses)}' is not a declared listener; remove it ({sources}) and declare {ListenersOptions.SectionName}.");
        }
    }
}
