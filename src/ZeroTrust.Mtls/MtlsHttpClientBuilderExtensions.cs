using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust;

/// <summary>Binds HTTP clients to servers over mutual TLS.</summary>
public static class MtlsHttpClientBuilderExtensions
{
    /// <summary>
    /// Makes the client speak mutual TLS with exactly one server. Works for clients of <c>AddHttpClient</c> and <c>AddGrpcClient</c>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="server">The server's name in <c>ZeroTrust:Mtls:Servers</c>.</param>
    /// <remarks>
    /// The server is known by its workload id, never by the URL or the Host header. Only https is sent; redirects, proxies and
    /// cookies are off. A refused server surfaces as <see cref="HttpRequestException"/> whose inner exception is a <see cref="RejectionException"/>.
    /// </remarks>
    public static IHttpClientBuilder AddMtls(this IHttpClientBuilder builder, string server)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(server);
        throw new NotImplementedException();
    }
}
