using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Authz.AspNetCore;

namespace ZeroTrust.Samples.Snippets;

/// <summary>The code of docs/guides/authz-context.md.</summary>
internal static class AuthzGuide
{
    public static void Decide(WebApplication app)
    {
        // snippet: Decisions
        app.MapGet("/orders/{id}", (string id, AuthzContext context) => Orders.Read(id, context))
            .RequirePermission("orders:read");
        app.MapGet("/tenants/{tenant}/orders", (AuthzContext context) => Orders.Of(context.Tenant))
            .RequirePermission("orders:read", tenantRouteValue: "tenant");
        app.MapGet("/tenants/{tenant}/profile", (string tenant) => tenant)
            .RequireTenant("tenant");
        app.MapGet("/me", (AuthzContext context) => context.Subject.ToString())
            .RequireContext();
        app.MapPost("/reindex", () => Results.Accepted())
            .RequirePeer("spiffe://example.test/scheduler");
        app.MapGet("/version", () => "1")
            .AllowPublic("says nothing but the version");
        // end
    }

    public static void CallOthers(WebApplicationBuilder builder)
    {
        // snippet: NarrowedClient
        builder.Services.AddHttpClient("audit")
            .AddMtls("audit")               // who has to answer
            .AddAuthz("audit:write");       // what is handed on: this permission and no other
        // end
    }

    public static void ActAsSystem(WebApplicationBuilder builder)
    {
        // snippet: SystemContext
        builder.Services.AddHostedService<NightlyInvoices>();
        // end
    }

    public static void BelieveALegacyPeer(WebApplicationBuilder builder)
    {
        // snippet: PlainHeaders
        builder.Services.AddZeroTrust()
            .DangerousAuthz(dangers => dangers.AcceptPlainHeaders("spiffe://example.test/legacy", "cannot sign before it is rewritten"));
        // end
    }

    public static void TakeAlong(WebApplication app, System.Threading.Channels.Channel<(string Id, AuthzContextCapture Caller)> work, IAuthzContextAccessor accessor)
    {
        // snippet: Capture
        app.MapPost("/exports/{id}", async (string id) =>
        {
            await work.Writer.WriteAsync((id, accessor.Capture()));     // on purpose, for this item
            return Results.Accepted();
        }).RequirePermission("exports:write");
        // end
    }

    public static async Task ExportAsync(System.Threading.Channels.Channel<(string Id, AuthzContextCapture Caller)> work, Func<string, Task> export, CancellationToken stoppingToken)
    {
        // snippet: Captured
        await foreach (var (id, caller) in work.Reader.ReadAllAsync(stoppingToken))
        {
            using var scope = caller.Enter();       // authz.expired once the context has ended
            await export(id);
        }
        // end
    }

    public static void RollOut(WebApplicationBuilder builder)
    {
        // snippet: ReportOnly
        builder.Services.AddZeroTrust()
            .DangerousAuthz(dangers => dangers.ReportOnly(new DateTimeOffset(2030, 6, 1, 0, 0, 0, TimeSpan.Zero), "callers learn to send contexts"));
        // end
    }

    public static void LimitEachCaller(WebApplicationBuilder builder)
    {
        // snippet: ContextUser
        builder.Services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            http => RateLimitPartition.GetConcurrencyLimiter(
                http.User.Identity?.Name ?? "public",       // acme/idp/alice
                _ => new ConcurrencyLimiterOptions { PermitLimit = 10 })));
        // end
    }

    public static void CacheForEachCaller(WebApplication app)
    {
        // snippet: CachedForEachCaller
        app.MapGet("/report", (AuthzContext context) => Reports.Of(context.Tenant))
            .RequirePermission("reports:read")
            .CacheOutput(new CacheForCallers());
        // end
    }

    // snippet: DecidedController
    [ApiController]
    [Route("/invoices")]
    public sealed class InvoicesController : ControllerBase
    {
        [HttpGet("{id}")]
        [RequirePermission("invoices:read")]
        public string Read(string id) => id;

        [HttpGet("terms")]
        [AllowPublic("the same for everybody")]
        public string Terms() => "30 days";

        [HttpGet("/tenants/{tenant}/invoices")]
        [RequirePermission("invoices:read", TenantRouteValue = "tenant")]
        public string List([FromServices] AuthzContext context) => context.Tenant.ToString();
    }

    // end

    // snippet: CacheForCallers
    internal sealed class CacheForCallers : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            // Alone: behind the default policy, which refuses calls of a user, it comes too late.
            context.EnableOutputCaching = true;
            context.AllowCacheLookup = true;
            context.AllowCacheStorage = true;
            context.CacheVaryByRules.QueryKeys = "*";
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
    }

    // end

    // snippet: SystemContextWork
    internal sealed class NightlyInvoices(AuthzContextMinter minter, IAuthzContextAccessor accessor, IHttpClientFactory clients) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var tenant = TenantId.Parse("acme");
            var context = minter.CreateSystemContext(tenant, PermissionSet.Parse("invoice:write"), "nightly invoices").GetOrThrow();
            using var scope = accessor.Enter(context);
            using var response = await clients.CreateClient("billing").PostAsync(new Uri("/invoices", UriKind.Relative), content: null, stoppingToken);
        }
    }

    // end

    private static class Reports
    {
        public static string Of(TenantId tenant) => tenant.ToString();
    }

    private static class Orders
    {
        // snippet: OwnerCheck
        public static string Read(string id, AuthzContext context)
        {
            var (owner, order) = Find(id);
            context.RequireTenant(owner);       // 403 authz.tenant_mismatch
            return order;
        }
        // end

        public static string Of(TenantId tenant) => tenant.ToString();

        private static (TenantId Owner, string Order) Find(string id) => (TenantId.Parse("acme"), id);
    }
}
