using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Proxies;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// Makes the pipeline of the host, and begins it with the guard: before every start-up filter, in whatever order they were registered.
/// </summary>
internal sealed class GuardedApplicationBuilderFactory(IServiceProvider services, GuardProof proof, IOptions<HostFilteringOptions> hosts)
    : IApplicationBuilderFactory
{
    /// <summary>Left on the application builder.</summary>
    public const string Mark = "__ZeroTrust.ResponseGuarded";

    public IApplicationBuilder CreateBuilder(IFeatureCollection serverFeatures)
    {
        proof.Prove();
        var app = new ApplicationBuilder(services, serverFeatures);

        // Before the framework's own reader of these headers, which ASPNETCORE_FORWARDEDHEADERS_ENABLED makes believe everyone. It answers
        // nothing, so that the guard may come after it.
        app.UseMiddleware<ProxyWordMiddleware>();
        if (hosts.Value.AllowedHosts.Count > 0)
        {
            // The framework's own answer to a host that is not allowed; it says nothing of the application. By the host that the
            // application sees: the framework filters once more behind the guard, where its answer would be one that nobody decided.
            app.UseHostFiltering();
        }

        app.UseMiddleware<ResponseGuardMiddleware>();
        app.Properties[Mark] = true;
        return app;
    }
}
