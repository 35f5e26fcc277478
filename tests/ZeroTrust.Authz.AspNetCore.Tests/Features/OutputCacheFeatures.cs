using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

internal static class OutputCacheFeatures
{
    private const string Fresh = "not cached";
    private const string Apart = "cached for each tenant and subject";

    public static IEnumerable<FrameworkFeature> All() =>
    [
        NotCached("output cache, default policy", endpoint => endpoint.CacheOutput()),
        NotCached("output cache, base policy", _ => { }, options => options.AddBasePolicy(policy => policy.Expire(TimeSpan.FromHours(1)))),
        NotCached("output cache, vary by header", endpoint => endpoint.CacheOutput(policy => policy.SetVaryByHeader("Accept"))),
        NotCached("output cache, attribute", endpoint => endpoint.WithMetadata(new OutputCacheAttribute { Duration = 60 })),
        Cached("output cache, policy for authenticated users", endpoint => endpoint.CacheOutput(Everyone)),
        Cached(
            "output cache, policy for authenticated users as base policy",
            _ => { },
            options => options.AddBasePolicy(new CacheForEveryone())),
        Cached(
            "output cache, named policy for authenticated users",
            endpoint => endpoint.CacheOutput("everyone"),
            options => options.AddPolicy("everyone", new CacheForEveryone())),
        Cached("output cache, policy for authenticated users, vary by header, query and value", endpoint => endpoint.CacheOutput(policy =>
        {
            Everyone(policy);
            policy.SetVaryByHeader("Accept").SetVaryByQuery("page").VaryByValue("a", "b").SetCacheKeyPrefix("prefix");
        })),
        Cached("output cache, without locking", endpoint => endpoint.CacheOutput(policy =>
        {
            Everyone(policy);
            policy.SetLocking(enabled: false);
        })),
        new("output cache, base policy added after ours", Apart, "200 acme 1, 200 acme 1", "200 globex 2, 200 globex 2")
        {
            Configure = builder =>
            {
                builder.Services.AddOutputCache();
                builder.Services.PostConfigure<OutputCacheOptions>(options => options.AddBasePolicy(new CacheForEveryone()));
            },
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(_ => { }),
        },
        new("output cache, policy that removes the values to vary by", "refused", "500, 500", "500, 500")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(endpoint => endpoint.CacheOutput(policy =>
            {
                Everyone(policy);
                policy.AddPolicy<ForgetfulPolicy>();
            })),
        },
        new("output cache, controller", Apart, "200 acme 1, 200 acme 1", "200 globex 2, 200 globex 2")
        {
            Configure = builder =>
            {
                builder.Services.AddOutputCache(options => options.AddPolicy("everyone", new CacheForEveryone()));
                NakedCases.WithController<CachedController>(builder);
            },
            Behind = app => app.UseOutputCache(),
            Map = (app, _) => app.MapControllers(),
        },
        new("output cache, other subject of the tenant", Apart, "200 acme 1, 200 acme 1", "200 acme 2, 200 acme 2")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(endpoint => endpoint.CacheOutput(Everyone)),
            Ask = async tenants => (await tenants.AskTwiceAsync("acme"), await tenants.AskTwiceAsync("acme/idp/bob")),
        },
        new("output cache, same subject with other permissions", Apart, "200 acme 1, 200 acme 1", "200 acme 2")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(endpoint => endpoint.CacheOutput(Everyone)),
            Ask = async tenants => (
                await tenants.AskTwiceAsync("acme"),
                await tenants.AskAsync(caller: null, Requests.Get("/answer", tenants.Gateway.Send("acme", "orders:read orders:write")))),
        },
        new("output cache, eviction by tag", Apart, "200 acme 1, 200 acme 1, 200 acme 3", "200 globex 2, 200 globex 2, 200 globex 4")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(endpoint => endpoint.CacheOutput(policy =>
            {
                Everyone(policy);
                policy.Tag("orders");
            })),
            Ask = async tenants =>
            {
                var (acme, globex) = (await tenants.AskTwiceAsync("acme"), await tenants.AskTwiceAsync("globex"));
                await tenants.Host.Services.GetRequiredService<IOutputCacheStore>()
                    .EvictByTagAsync("orders", TestContext.Current.CancellationToken);
                return ($"{acme}, {await tenants.AskAsync("acme")}", $"{globex}, {await tenants.AskAsync("globex")}");
            },
        },
        new("output cache, HEAD", Apart, "acme, acme", "globex, globex")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = (app, _) => app.MapMethods(
                "/answer",
                ["HEAD"],
                (HttpContext http, AuthzContext context) => http.Response.Headers["X-Made-For"] = context.Tenant.ToString())
                .RequireContext().CacheOutput(Everyone),
            Ask = async tenants => (await MadeForAsync(tenants, "acme"), await MadeForAsync(tenants, "globex")),
        },
        new("output cache before the checks", "neither read nor stored", "200 acme 1, 200 acme 2", "200 globex 3, 200 globex 4")
        {
            Configure = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(new CacheForEveryone())),
            Pipeline = app =>
            {
                app.UseOutputCache();
                MeshHost.UsePackages(app);
            },
            Map = MapAnswer(_ => { }),
        },
        new("output cache between the context and the decision", "what it serves is refused", "200 acme 1, 500", "200 globex 2, 500")
        {
            Configure = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(new CacheForEveryone())),
            Pipeline = app =>
            {
                app.UseListenerGuard();
                app.UseContextHeaderStripping();
                app.UsePeerCurrency();
                app.UseRouting();
                app.UseListenerRoles();
                app.UseAuthzContext();
                app.UseOutputCache();
                app.UseAuthorization();
            },
            Map = MapAnswer(_ => { }),
        },
        new("output cache, peers without a context", "cached for each peer", "200 gateway 1, 200 gateway 1", "200 billing 2, 200 billing 2")
        {
            Configure = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(new CacheForEveryone())),
            Behind = app => app.UseOutputCache(),
            Map = (app, _) =>
            {
                var runs = 0;
                app.MapGet("/answer", (HttpContext http) => $"{http.GetVerifiedPeer()!.Workload!.Value.ToString().Split('/')[^1]} {++runs}")
                    .RequirePeer();
            },
            Ask = async tenants =>
            {
                await using var billing = tenants.Host.Peer(MeshHost.Billing);
                using var client = billing.Client();
                var gateway = await tenants.AskTwiceAsync(caller: null);
                return (gateway, $"{await AskAsync(client)}, {await AskAsync(client)}");
            },
        },
        new("output cache, public endpoint", "shared by those without a context, apart for those with one", "200 1, 200 1", "200 2, 200 2")
        {
            Configure = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(new CacheForEveryone())),
            Behind = app => app.UseOutputCache(),
            Map = (app, _) =>
            {
                var runs = 0;
                app.MapGet("/answer", () => $"{++runs}").AllowPublic("a number");
            },
            Ask = async tenants => (await tenants.AskTwiceAsync(caller: null), await tenants.AskTwiceAsync("globex")),
        },
    ];

    private static FrameworkFeature NotCached(string name, Action<RouteHandlerBuilder> cache, Action<OutputCacheOptions>? options = null) =>
        Row(name, Fresh, "200 acme 1, 200 acme 2", "200 globex 3, 200 globex 4", cache, options);

    private static FrameworkFeature Cached(string name, Action<RouteHandlerBuilder> cache, Action<OutputCacheOptions>? options = null) =>
        Row(name, Apart, "200 acme 1, 200 acme 1", "200 globex 2, 200 globex 2", cache, options);

    private static FrameworkFeature Row(
        string name, string expected, string acme, string globex, Action<RouteHandlerBuilder> cache, Action<OutputCacheOptions>? options) =>
        new(name, expected, acme, globex)
        {
            Configure = builder => builder.Services.AddOutputCache(options ?? (_ => { })),
            Behind = app => app.UseOutputCache(),
            Map = MapAnswer(cache),
        };

    private static Action<WebApplication, FrameworkFeature> MapAnswer(Action<RouteHandlerBuilder> cache) =>
        (app, feature) => cache(app.MapGet("/answer", feature.Answer).RequirePermission("orders:read"));

    private static void Everyone(OutputCachePolicyBuilder policy) => policy.AddPolicy<CacheForEveryone>();

    private static async Task<string> AskAsync(HttpClient client) =>
        $"200 {await client.GetStringAsync(new Uri("/answer", UriKind.Relative), TestContext.Current.CancellationToken)}";

    private static async Task<string> MadeForAsync(TwoTenants tenants, string tenant)
    {
        using var first = await tenants.SendAsync(tenant, new HttpRequestMessage(HttpMethod.Head, "/answer"));
        using var second = await tenants.SendAsync(tenant, new HttpRequestMessage(HttpMethod.Head, "/answer"));
        return $"{string.Concat(first.Headers.GetValues("X-Made-For"))}, {string.Concat(second.Headers.GetValues("X-Made-For"))}";
    }
}
