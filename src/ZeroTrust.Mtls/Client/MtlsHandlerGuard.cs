using Microsoft.Extensions.Http;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// Refuses to build a bound client whose primary handler was replaced after <c>AddMtls</c>, which would drop every check.
/// </summary>
internal sealed class MtlsHandlerGuard(IEnumerable<MtlsClientBinding> bindings) : IHttpMessageHandlerBuilderFilter
{
    private readonly HashSet<string> _bound = bindings.Select(binding => binding.ClientName).ToHashSet(StringComparer.Ordinal);

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.Name is { } name && _bound.Contains(name) && builder.PrimaryHandler is not MtlsHttpHandler)
        {
            throw new InvalidOperationException(
                $"The primary handler of the HTTP client '{name}', which is bound by AddMtls, was replaced.");
        }
    };
}
