using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Stops the host when a client would send contexts without knowing to whom.</summary>
internal sealed class AuthzClientsValidator(IServiceProvider services, IEnumerable<AuthzClientBinding> bindings) : IValidateOptions<AuthzOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthzOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        foreach (var binding in bindings)
        {
            if (!IsBound(binding.ClientName))
            {
                errors.AddError($"The HTTP client '{binding.ClientName}' sends contexts but is bound to no server; call AddMtls(\"server\") on it.");
            }
        }

        return errors.Build();
    }

    private bool IsBound(string clientName)
    {
        try
        {
            return services.GetService<MtlsClients>()?.TryGetServer(clientName, out _) == true;
        }
        catch (OptionsValidationException)
        {
            // Mutual TLS reports its own errors; they need not be told twice.
            return true;
        }
    }
}
