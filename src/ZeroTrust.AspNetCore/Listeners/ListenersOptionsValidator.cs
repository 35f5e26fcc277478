using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Stops the host on every listener that is incomplete and on every address that is not a listener.</summary>
internal sealed class ListenersOptionsValidator(IConfiguration configuration, IServiceProviderIsService services) : IValidateOptions<ListenersOptions>
{
    public ValidateOptionsResult Validate(string? name, ListenersOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var error in options.Unreadable)
        {
            result.AddError(error);
        }

        if (options.Listeners.Count == 0)
        {
            result.AddError($"{ListenersOptions.SectionName}: no listener is declared.");
        }

        foreach (var (listener, settings) in options.Listeners)
        {
            var plan = ListenerPlan.Read(listener, settings, error => result.AddError(error));
            if (plan is { IsTls: true, CertificateFile.Length: 0 } && !services.IsService(typeof(PeerTls)))
            {
                result.AddError($"{ListenersOptions.SectionName}:{listener}: presents the workload's certificate, and AddMtls() was not called.");
            }
        }

        RefuseOtherAddresses(result);
        return result.Build();
    }

    private void RefuseOtherAddresses(ValidateOptionsResultBuilder result)
    {
        if (!string.IsNullOrEmpty(configuration["urls"]))
        {
            result.AddError(
                $"urls: '{configuration["urls"]}' is not a declared listener; remove it (ASPNETCORE_URLS, --urls, UseUrls, applicationUrl) "
                + $"and declare {ListenersOptions.SectionName}.");
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            result.AddError($"{endpoint.Path}: is not a declared listener; remove it and declare {ListenersOptions.SectionName}.");
        }
    }
}
