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
internal sealed class EndpointProofStartupFilter(
    ILogger<EndpointProofStartupFilter> logger, TenantRouteProof tenants, AcceptedMembers accepted)
    : IStartupFilter, IDisposable
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
        var loaded = LoadedPages(source, pages).ToList();
        Refuse(FaultsOf(source).Concat(loaded.Where(page => page.Finding.Fault is not null)
            .Select(page => (page.Endpoint.DisplayName ?? page.Endpoint.ToString(), page.Finding.Fault!))));

        // Only what was looked at to its end has asked for all of its answers.
        Endpoint[] endpoints = [.. source.Endpoints, .. loaded.Select(page => page.Endpoint)];
        var findings = source.Endpoints.Select(FindingOf).OfType<TenantRouteFinding>().Concat(loaded.Select(page => page.Finding));
        Refuse(AcceptedMembers.FindFaults(endpoints, findings.SelectMany(finding => finding.Accepted)));
        accepted.Tell(endpoints);
    }

    private static void Refuse(IEnumerable<(string? Endpoint, string Fault)> found)
    {
        var faults = string.Concat(found.Select(fault => $"{Environment.NewLine}- {fault.Endpoint} {fault.Fault}"));
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

    private TenantRouteFinding? FindingOf(Endpoint endpoint) =>
        ComparedValueOf(endpoint) is { } parameter ? tenants.Look(endpoint, parameter) : null;

    private static string? ComparedValueOf(Endpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<IEndpointDecision>() as ITenantRouteDecision)?.TenantRouteValue;

    // Only a page that was loaded knows its handlers.
    private IEnumerable<(Endpoint Endpoint, TenantRouteFinding Finding)> LoadedPages(EndpointDataSource source, PageLoader? pages)
    {
        foreach (var endpoint in source.Endpoints)
        {
            if (pages is not null
                && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page and not CompiledPageActionDescriptor
                && ComparedValueOf(endpoint) is { } parameter)
            {
                var loaded = Load(pages, page, endpoint.Metadata);
                yield return (loaded.Endpoint ?? endpoint, tenants.Look(endpoint, loaded, parameter));
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

        accepted.Tell(source.Endpoints);
    }
}
