using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

internal static class ResponseCacheFeatures
{
    public static IEnumerable<FrameworkFeature> All() =>
    [
        NotCached("response cache, public header set by the handler", http => http.Response.Headers.CacheControl = "public, max-age=60"),
        NotCached("response cache, shared age set by the handler", http => http.Response.Headers.CacheControl = "public, s-maxage=60"),
        NotCached("response cache, vary by query keys", http =>
        {
            http.Response.Headers.CacheControl = "public, max-age=60";
            http.Features.Get<IResponseCachingFeature>()!.VaryByQueryKeys = ["*"];
        }),
        new("response cache, attribute for clients", "not cached", "200 acme 1, 200 acme 2", "200 globex 3, 200 globex 4")
        {
            Configure = builder =>
            {
                builder.Services.AddResponseCaching();
                NakedCases.WithController<ClientCachedController>(builder);
            },
            Behind = app => app.UseResponseCaching(),
            Map = (app, _) => app.MapControllers(),
        },
        new("response cache before the checks", "refused", "500, 500", "500, 500")
        {
            Configure = builder => builder.Services.AddResponseCaching(),
            Pipeline = app =>
            {
                app.UseResponseCaching();
                MeshHost.UsePackages(app);
            },
            Map = MapAnswer(http => http.Response.Headers.CacheControl = "public, max-age=60"),
        },
        new("response cache, public endpoint", "shared by those without a context, not for those with one", "200 1, 200 1", "200 2, 200 3")
        {
            Configure = builder => builder.Services.AddResponseCaching(),
            Behind = app => app.UseResponseCaching(),
            Map = (app, _) =>
            {
                var runs = 0;
                app.MapGet("/answer", (HttpContext http) =>
                {
                    http.Response.Headers.CacheControl = "public, max-age=60";
                    return $"{++runs}";
                }).AllowPublic("a number");
            },
            Ask = async tenants => (await tenants.AskTwiceAsync(caller: null), await tenants.AskTwiceAsync("globex")),
        },
    ];

    private static FrameworkFeature NotCached(string name, Action<HttpContext> answer) =>
        new(name, "not cached", "200 acme 1, 200 acme 2", "200 globex 3, 200 globex 4")
        {
            Configure = builder => builder.Services.AddResponseCaching(),
            Behind = app => app.UseResponseCaching(),
            Map = MapAnswer(answer),
        };

    private static Action<WebApplication, FrameworkFeature> MapAnswer(Action<HttpContext> answer) => (app, feature) =>
        app.MapGet("/answer", (HttpContext http, AuthzContext context) =>
        {
            answer(http);
            return feature.Answer(context);
        }).RequireContext();
}
