using System.Net.Mime;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;
using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust;

/// <summary>Maps the endpoints that tell readiness.</summary>
public static class HealthChecksEndpointRouteBuilderExtensions
{
    private const ListenerRoles Probers = ListenerRoles.Probe | ListenerRoles.Management | ListenerRoles.Mesh;
    private const ListenerRoles Peers = ListenerRoles.Management | ListenerRoles.Mesh;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps <c>/healthz/live</c> and <c>/livez</c>, <c>/healthz/ready</c> and <c>/readyz</c>, <c>/healthz/startup</c>, and the gRPC service
    /// <c>grpc.health.v1.Health</c>, all reading the one <see cref="ReadinessState"/>, and <c>/healthz/details</c> for operators.
    /// </summary>
    /// <param name="endpoints">The routes.</param>
    /// <returns>The routes.</returns>
    /// <remarks>
    /// HTTP answers 200 <c>SERVING</c> or 503 <c>NOT_SERVING</c> and nothing else. gRPC answers for the service names empty, <c>ready</c>, <c>live</c>,
    /// <c>startup</c>, every gRPC service mapped in the process and every name given with <c>WithHealthService</c>. Nothing of it is on an edge
    /// listener. A probe listener asks for no certificate and has everything but <c>Watch</c>, which a stranger could hold open; a mesh
    /// listener asks for a verified peer. The details, which name dependencies, reasons and weakened checks, are on management listeners only.
    /// </remarks>
    public static IEndpointRouteBuilder MapZeroTrustHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Map(endpoints, HealthQuestion.Live, "/healthz/live", "/livez");
        Map(endpoints, HealthQuestion.Serving, "/healthz/ready", "/readyz");
        Map(endpoints, HealthQuestion.Started, "/healthz/startup");
        endpoints.MapMethods("/healthz/details", Methods, context => context.RequestServices.GetRequiredService<HealthDetails>().AnswerAsync(context))
            .WithMetadata(HealthEndpointMetadata.Instance)
            .RequirePeer()
            .OnListeners(ListenerRoles.Management);
        endpoints.MapGrpcService<GrpcHealthService>()
            .WithMetadata(HealthEndpointMetadata.Instance, HealthDecision.Instance)
            .Add(method => method.Metadata.Add(new HealthListeners(IsWatch(method) ? Peers : Probers)));
        return endpoints;
    }

    private static bool IsWatch(EndpointBuilder method) =>
        method.Metadata.OfType<GrpcMethodMetadata>().Any(grpc => grpc.Method.Name == nameof(GrpcHealthService.Watch));

    private static void Map(IEndpointRouteBuilder endpoints, HealthQuestion question, params string[] paths)
    {
        foreach (var path in paths)
        {
            endpoints.MapMethods(path, Methods, context => AnswerAsync(context, question))
                .WithMetadata(HealthEndpointMetadata.Instance, HealthDecision.Instance)
                .OnListeners(Probers);
        }
    }

    private static Task AnswerAsync(HttpContext context, HealthQuestion question)
    {
        var yes = question.IsYes(context.RequestServices.GetRequiredService<ReadinessHub>().Current, service: string.Empty);
        context.Response.StatusCode = yes ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = MediaTypeNames.Text.Plain;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(yes ? "SERVING" : "NOT_SERVING");
    }
}
