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
            else if (IsPartner(binding.ClientName))
            {
                errors.AddError($"The HTTP client '{binding.ClientName}' sends contexts and is bound to a partner's server, which may not learn them; leave AddAuthz() out.");
            }
        }

        return errors.Build();
    }

    // Mutual TLS reports its own errors; they need not be told twice.
    private bool IsBound(string clientName) => Ask(clients => clients?.TryGetServer(clientName, out _) == true, otherwise: true);

    private bool IsPartner(string clientName) => Ask(clients => clients?.IsPartner(clientName) == true, otherwise: false);

    private bool Ask(Func<MtlsClients?, bool> question, bool otherwise)
    {
        try
        {
            return question(services.GetService<MtlsClients>());
        }
        catch (OptionsValidationException)
        {
            return otherwise;
        }
    }
}
