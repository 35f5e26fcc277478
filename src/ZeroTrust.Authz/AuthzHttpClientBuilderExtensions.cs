using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust;

/// <summary>Lets an HTTP or gRPC client carry the caller's context.</summary>
public static class AuthzHttpClientBuilderExtensions
{
    /// <summary>
    /// Sends the current context with every request, handed to the one server the client is bound to by <c>AddMtls("server")</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="narrowTo">The only permissions to hand on, as far as the context holds them; all it holds when none are named.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// A request outside of any context, with one that ended, or over plain http fails before anything is sent. Refusals surface as
    /// <see cref="RejectionException"/>, those that are not the caller's with <see cref="Rejection.IsOutbound"/>. A client that <c>AddMtls</c> was not called for stops the host at start.
    /// </remarks>
    /// <exception cref="ArgumentException">A name is not a permission, or the builder is that of the defaults of all clients.</exception>
    public static IHttpClientBuilder AddAuthz(this IHttpClientBuilder builder, params string[] narrowTo)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(narrowTo);
        if (!PermissionSet.TryCreate(narrowTo, out var permissions))
        {
            throw new ArgumentException("Not a set of permissions.", nameof(narrowTo));
        }

        var clientName = builder.Name ?? throw new ArgumentException("AddAuthz is not for the defaults of all clients: name the client.", nameof(builder));
        builder.Services.AddSingleton(new AuthzClientBinding(clientName));
        return builder.AddHttpMessageHandler(services => new AuthzContextHandler(
            services.GetRequiredService<IAuthzContextAccessor>(),
            services.GetRequiredService<AuthzContextLinker>(),
            services.GetRequiredService<MtlsClients>().GetServer(clientName),
            narrowTo.Length == 0 ? null : permissions,
            services.GetRequiredService<ILogger<AuthzContextHandler>>(),
            services.GetServices<IOutboundRejectionMapper>()));
    }
}
