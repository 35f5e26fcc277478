using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Caching;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.AspNetCore.Routes;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Stops the host before it listens when an endpoint has no decision, or the context middleware is not in the pipeline; tells of endpoints
/// that come later and have none.
/// </summary>
internal sealed class EndpointProofStartupFilter(ILogger<EndpointProofStartupFilter> logger, TenantRouteProof tenants) : IStartupFilter, IDisposable
{
    private readonly QuietLogger _logger = new(logger);

    private IDisposable? _changes;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!app.Properties.ContainsKey(PipelineMark.ContextRead))
        {
            throw new InvalidOperationException("The pipeline reads no authorization context: call UseZeroTrust(), or UseAuthzContext() after UseRouting().");
        }

        var source = app.ApplicationServices.GetRequiredService<EndpointDataSource>();
        Prove(source, app.ApplicationServices.GetService<PageLoader>());
        SharedCacheProof.Prove(source, app.ApplicationServices.GetRequiredService<IOptions<MvcOptions>>().Value);
        _changes = ChangeToken.OnChange(source.GetChangeToken, () => Audit(source));
    };

    public void Dispose() => _changes?.Dispose();

    private void Prove(EndpointDataSource source, PageLoader? pages)
    {
        var faults = string.Concat(FaultsOf(source).Concat(PageFaultsOf(source, pages)).Select(fault => $"{Environment.NewLine}- {fault.Endpoint} {fault.Fault}"));
        if (faults.Length > 0)
        {
            throw new InvalidOperationException(
                "Every endpoint carries exactly one decision (RequirePermission, RequireTenant, RequireContext, RequirePeer or AllowPublic). Not these:" + faults);
        }
    }

    private IEnumerable<(string? Endpoint, string Fault)> FaultsOf(EndpointDataSource source)
    {
        foreach (var endpoint in source.Endpoints)
        {
            if (EndpointProof.FindFault(endpoint, tenants) is { } fault)
            {
                yield return (endpoint.DisplayName ?? endpoint.ToString(), fault);
            }
        }
    }

    // Only a page that was loaded knows its handlers.
    private IEnumerable<(string? Endpoint, string Fault)> PageFaultsOf(EndpointDataSource source, PageLoader? pages)
    {
        foreach (var endpoint in source.Endpoints)
        {
            if (pages is not null
                && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page and not CompiledPageActionDescriptor
                && endpoint.Metadata.GetMetadata<IEndpointDecision>() is ITenantRouteDecision { TenantRouteValue: { } parameter }
                && tenants.FindFault(endpoint, Load(pages, page, endpoint.Metadata), parameter) is { } fault)
            {
                yield return (endpoint.DisplayName ?? endpoint.ToString(), fault);
            }
        }
    }

#pragma warning disable VSTHRD002 // Before the host listens, and with nothing to return to.
    private static CompiledPageActionDescriptor Load(PageLoader pages, PageActionDescriptor page, EndpointMetadataCollection metadata) =>
        pages.LoadAsync(page, metadata).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private void Audit(EndpointDataSource source)
    {
        foreach (var (endpoint, fault) in FaultsOf(source))
        {
            Log.LateEndpointUndecided(_logger, endpoint, fault);
        }
    }
}
