using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The service names gRPC health answers to: the process (empty), our three questions, and every gRPC service mapped here.</summary>
internal sealed class GrpcServiceNames(EndpointDataSource endpoints)
{
    private readonly Lazy<FrozenSet<string>> _mapped = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal));

    public bool TryGetQuestion(string service, out HealthQuestion question)
    {
        question = service switch
        {
            CheckPlan.LiveTag => HealthQuestion.Live,
            CheckPlan.StartupTag => HealthQuestion.Started,
            _ => HealthQuestion.Serving,
        };
        return service is "" or CheckPlan.LiveTag or CheckPlan.StartupTag or CheckPlan.ReadyTag || _mapped.Value.Contains(service);
    }
}
