using System.Net.Mime;
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
    private const string Reason = "Probes are anonymous; the answer is one word.";
    private const ListenerRoles Roles = ListenerRoles.Probe | ListenerRoles.Management | ListenerRoles.Mesh;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps <c>/healthz/live</c> and <c>/livez</c>, <c>/healthz/ready</c> and <c>/readyz</c>, <c>/healthz/startup</c>, and the gRPC service
    /// <c>grpc.health.v1.Health</c>, all reading the one <see cref="ReadinessState"/>. Never reachable on an edge listener.
    /// </summary>
    /// <param name="endpoints">The routes.</param>
    /// <returns>The routes.</returns>
    /// <remarks>
    /// HTTP answers 200 <c>SERVING</c> or 503 <c>NOT_SERVING</c> and nothing else. gRPC answers for the service names empty, <c>ready</c>, <c>live</c>,
    /// <c>startup</c> and every gRPC service mapped in the process.
    /// </remarks>
    public static IEndpointRouteBuilder MapZeroTrustHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Map(endpoints, HealthQuestion.Live, "/healthz/live", "/livez");
        Map(endpoints, HealthQuestion.Serving, "/healthz/ready", "/readyz");
        Map(endpoints, HealthQuestion.Started, "/healthz/startup");
        Guard(endpoints.MapGrpcService<GrpcHealthService>());
        return endpoints;
    }

    private static void Map(IEndpointRouteBuilder endpoints, HealthQuestion question, params string[] paths)
    {
        foreach (var path in paths)
        {
            Guard(endpoints.MapMethods(path, Methods, context => AnswerAsync(context, question)));
        }
    }

    private static void Guard<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(HealthEndpointMetadata.Instance).AllowPublic(Reason).OnListeners(Roles);

    private static Task AnswerAsync(HttpContext context, HealthQuestion question)
    {
        var yes = question.IsYes(context.RequestServices.GetRequiredService<ReadinessHub>().Current);
        context.Response.StatusCode = yes ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = MediaTypeNames.Text.Plain;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(yes ? "SERVING" : "NOT_SERVING");
    }
}
