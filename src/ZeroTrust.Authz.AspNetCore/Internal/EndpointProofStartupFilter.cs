using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Stops the host before it listens when an endpoint has no decision, or the context middleware is not in the pipeline.</summary>
internal sealed class EndpointProofStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!app.Properties.ContainsKey(PipelineMark.ContextRead))
        {
            throw new InvalidOperationException("The pipeline reads no authorization context: call UseZeroTrust(), or UseAuthzContext() after UseRouting().");
        }

        Prove(app.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints);
    };

    private static void Prove(IReadOnlyList<Endpoint> endpoints)
    {
        var faults = new List<string>();
        foreach (var endpoint in endpoints)
        {
            if (EndpointProof.FindFault(endpoint) is { } fault)
            {
                faults.Add($"{Environment.NewLine}- {endpoint.DisplayName ?? endpoint.ToString()} {fault}");
            }
        }

        if (faults.Count > 0)
        {
            throw new InvalidOperationException(
                "Every endpoint carries exactly one decision (RequirePermission, RequireContext, RequirePeer or AllowPublic). Not these:"
                + string.Concat(faults));
        }
    }
}
