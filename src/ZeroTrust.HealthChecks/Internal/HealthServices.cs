using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The services health answers for: the process (empty), our three questions, every gRPC service mapped here and every name given to an endpoint.</summary>
internal sealed class HealthServices(EndpointDataSource endpoints)
{
    private readonly Lazy<FrozenSet<string>> _mapped = new(() => endpoints.Endpoints
        .Select(ServiceOf)
        .Where(service => service.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The service an endpoint belongs to; empty for the process.</summary>
    public static string ServiceOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<HealthServiceMetadata>()?.Service
        ?? endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName
        ?? string.Empty;

    public bool Contains(string service) => _mapped.Value.Contains(service);

    public bool TryGetQuestion(string service, out HealthQuestion question)
    {
        question = service switch
        {
            CheckPlan.LiveTag => HealthQuestion.Live,
            CheckPlan.StartupTag => HealthQuestion.Started,
            _ => HealthQuestion.Serving,
        };
        return service is "" or CheckPlan.LiveTag or CheckPlan.StartupTag or CheckPlan.ReadyTag || Contains(service);
    }
}
