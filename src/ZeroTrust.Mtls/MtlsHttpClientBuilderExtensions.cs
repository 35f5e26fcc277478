using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust;

/// <summary>Binds HTTP clients to servers over mutual TLS.</summary>
public static class MtlsHttpClientBuilderExtensions
{
    /// <summary>
    /// Makes the client speak mutual TLS with exactly one server. Works for clients of <c>AddHttpClient</c> and <c>AddGrpcClient</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="server">The server's name in <c>ZeroTrust:Mtls:Servers</c>; a name that is not there stops the host.</param>
    /// <remarks>
    /// The server is known by its workload id, never by the URL or the Host header. Only https is sent; redirects, proxies and
    /// cookies are off. Connections are replaced when the own credential or the anchors change, and cut when the server is refused.
    /// A refused server surfaces as a <see cref="RejectionException"/>, not as a <see cref="HttpRequestException"/>: retries and circuit
    /// breakers do not take it for an outage. Left to itself it ends the call being served with 502.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no name of a server, or the builder is that of the defaults of all clients.</exception>
    public static IHttpClientBuilder AddMtls(this IHttpClientBuilder builder, string server)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(server);
        var name = builder.Name ?? throw new ArgumentException("AddMtls is not for the defaults of all clients: name the client.", nameof(builder));
        builder.Services.AddSingleton(new MtlsClientBinding(name, server));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, MtlsHandlerGuard>());
        return builder.ConfigurePrimaryHttpMessageHandler(
            services => services.GetRequiredService<MtlsHandlerFactory>().Create(services.GetRequiredService<MtlsClients>().NameOf(name)));
    }
}
