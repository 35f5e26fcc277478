using Grpc.AspNetCore.Server;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Grpc.Internal;
using ZeroTrust.Mtls;
using ClientInterceptor = Grpc.Net.ClientFactory.InterceptorRegistration;

namespace ZeroTrust;

/// <summary>Registers the authorization context in gRPC services.</summary>
public static class AuthzGrpcZeroTrustBuilderExtensions
{
    /// <summary>
    /// Adds gRPC, answers refused gRPC calls with a status and <c>google.rpc.ErrorInfo</c>, and ends streams with their context. Calls
    /// <c>AddAuthzEndpoints()</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// Calls to unknown services and methods reach no endpoint (clients still see UNIMPLEMENTED): gRPC's own endpoints for them would be
    /// endpoints without a decision.
    /// </remarks>
    public static IZeroTrustBuilder AddAuthzGrpc(this IZeroTrustBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddAuthzEndpoints();
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(RejectionInterceptor)))
        {
            return builder;
        }

        services.AddGrpc();
        services.TryAddSingleton<RejectionInterceptor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRejectionWriter, GrpcRejectionWriter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutboundRejectionMapper, GrpcRejectionMapper>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamRefusalReader, GrpcUpstreamRefusalReader>());
        services.ConfigureAll<GrpcClientFactoryOptions>(static options => options.InterceptorRegistrations.Insert(
            0, new ClientInterceptor(InterceptorScope.Channel, static _ => new CalledServerInterceptor())));
        services.Configure<GrpcServiceOptions>(options =>
        {
            options.IgnoreUnknownServices = true;
            options.Interceptors.Add<RejectionInterceptor>();
        });
        return builder;
    }
}
