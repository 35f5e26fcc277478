using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

internal static class UserFeatures
{
    public static IEnumerable<FrameworkFeature> All() =>
    [
        Name("HttpContext.User", endpoint => endpoint, "200 acme/idp/alice", "200 globex/idp/alice"),
        Name("[Authorize]", endpoint => endpoint.RequireAuthorization(), "200 acme/idp/alice", "200 globex/idp/alice"),
        Name(
            "[Authorize], policy over the tenant claim",
            endpoint => endpoint.RequireAuthorization(policy => policy.RequireClaim("zerotrust.tenant", "acme")),
            "200 acme/idp/alice",
            "403"),
        Name(
            "[Authorize], policy over a permission that is held",
            endpoint => endpoint.RequireAuthorization(policy => policy.RequireClaim("zerotrust.permission", "orders:read")),
            "200 acme/idp/alice",
            "200 globex/idp/alice"),
        Name(
            "[Authorize], policy over a permission that is not held",
            endpoint => endpoint.RequireAuthorization(policy => policy.RequireClaim("zerotrust.permission", "orders:write")),
            "403",
            "403"),
        Name("[Authorize], role", endpoint => endpoint.RequireAuthorization(policy => policy.RequireRole("orders:read")), "403", "403"),
        Name(
            "[Authorize], scheme of the peer",
            endpoint => endpoint.WithMetadata(new AuthorizeAttribute { AuthenticationSchemes = PeerAuthenticationDefaults.Scheme }),
            "200 acme/idp/alice",
            "200 globex/idp/alice"),
        Name(
            "[Authorize], scheme that finds nothing",
            endpoint => endpoint.WithMetadata(new AuthorizeAttribute { AuthenticationSchemes = "silent" }),
            "401",
            "401"),
        new(
            "claims transformation",
            "adds to its scheme's identity only, and nothing a context proves",
            "200 acme/idp/alice 0 1 acme, 200 acme/idp/alice 0 1 acme",
            "200 globex/idp/alice 0 1 globex, 200 globex/idp/alice 0 1 globex")
        {
            Configure = builder =>
            {
                AddSchemes(builder);
                builder.Services.AddSingleton<IClaimsTransformation, AddingTransformation>();
            },
            Map = (app, _) => app.MapGet("/answer", (ClaimsPrincipal user) =>
                $"{user.Identity!.Name} {((ClaimsIdentity)user.Identity).FindAll("added").Count()} {user.FindAll("added").Count()} "
                    + $"{string.Join(',', user.FindAll("zerotrust.tenant").Select(claim => claim.Value))}")
                .RequireContext().WithMetadata(new AuthorizeAttribute { AuthenticationSchemes = PeerAuthenticationDefaults.Scheme }),
        },
        new(
            "identity added by a middleware",
            "lasts for its call",
            "200 acme/idp/alice 2, 200 acme/idp/alice 2",
            "200 globex/idp/alice 2, 200 globex/idp/alice 2")
        {
            Behind = app => app.Use((http, next) =>
            {
                http.User.AddIdentity(new ClaimsIdentity([new Claim("added", "1")], "middleware"));
                return next(http);
            }),
            Map = (app, _) =>
                app.MapGet("/answer", (ClaimsPrincipal user) => $"{user.Identity!.Name} {user.Identities.Count()}").RequireContext(),
        },
        new("claim added to the identity of the context", "refused", "500, 500", "500, 500")
        {
            Map = (app, _) => app.MapGet("/answer", (ClaimsPrincipal user) => ((ClaimsIdentity)user.Identity!).AddClaim(
                new Claim("zerotrust.permission", "root"))).RequireContext(),
        },
        new(
            "IHttpContextAccessor",
            "the user of the call",
            "200 acme/idp/alice, 200 acme/idp/alice",
            "200 globex/idp/alice, 200 globex/idp/alice")
        {
            Configure = builder => builder.Services.AddHttpContextAccessor(),
            Map = (app, _) => app.MapGet(
                "/answer",
                (IHttpContextAccessor accessor) => accessor.HttpContext!.User.FindFirstValue(ClaimTypes.NameIdentifier)).RequireContext(),
        },
        new("rate limiter, partitioned by user", "one share for each tenant and subject", "200 acme 1, 429", "200 globex 2, 429")
        {
            Configure = builder => builder.Services.AddRateLimiter(options =>
            {
                options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetFixedWindowLimiter(
                    http.User.Identity?.Name ?? "nobody",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) }));
            }),
            Behind = app => app.UseRateLimiter(),
            Map = (app, feature) => app.MapGet("/answer", feature.Answer).RequireContext(),
        },
        new("antiforgery, form posted with the token of acme", "refused for others", "200 acme 1", "400")
        {
            Configure = AddForms,
            Behind = app => app.UseAntiforgery(),
            Map = MapForms,
            Ask = async tenants =>
            {
                var form = await AntiforgeryForm.GetAsync(tenants, "acme");
                return (await form.PostAsync(tenants, "acme"), await form.PostAsync(tenants, "globex"));
            },
        },
        new("antiforgery, form posted with the token of another subject", "refused for others", "200 acme 1", "400")
        {
            Configure = AddForms,
            Behind = app => app.UseAntiforgery(),
            Map = MapForms,
            Ask = async tenants =>
            {
                var form = await AntiforgeryForm.GetAsync(tenants, "acme");
                return (await form.PostAsync(tenants, "acme"), await form.PostAsync(tenants, "acme/idp/bob"));
            },
        },
        new(
            "session and what is kept in it (TempData)",
            "belongs to the holder of the cookie, whatever the context",
            "200 acme",
            "200 acme")
        {
            Configure = builder =>
            {
                builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
                builder.Services.AddDistributedMemoryCache().AddSession();
            },
            Behind = app => app.UseSession(),
            Map = (app, _) => app.MapGet("/answer", (HttpContext http, AuthzContext context) =>
            {
                if (http.Session.GetString("begun by") is not { } tenant)
                {
                    http.Session.SetString("begun by", tenant = context.Tenant.ToString());
                }

                return tenant;
            }).RequireContext(),
            Ask = async tenants =>
            {
                using var begun = await tenants.SendAsync("acme", Requests.Get("/answer"));
                var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie")).Split(';')[0];
                return (
                    await tenants.AskAsync("acme", Requests.Get("/answer").With("Cookie", cookie)),
                    await tenants.AskAsync("globex", Requests.Get("/answer").With("Cookie", cookie)));
            },
        },
    ];

    public static void AddForms(WebApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAntiforgery();
    }

    public static void MapForms(WebApplication app, FrameworkFeature feature)
    {
        app.MapGet("/form", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken)
            .RequireContext();
        app.MapPost("/form", ([FromForm] string text, AuthzContext context) => feature.Answer(context)).RequireContext();
    }

    private static FrameworkFeature Name(
        string name, Func<RouteHandlerBuilder, RouteHandlerBuilder> authorize, string acme, string globex) =>
        new(name, "the user is the context", acme, globex)
        {
            Configure = AddSchemes,
            Map = (app, _) => authorize(app.MapGet("/answer", (ClaimsPrincipal user) => user.Identity!.Name).RequireContext()),
            Ask = async tenants => (await tenants.AskAsync("acme"), await tenants.AskAsync("globex")),
        };

    private static void AddSchemes(WebApplicationBuilder builder)
    {
        builder.Services.AddZeroTrust().AddPeerAuthentication();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SilentScheme>("silent", configureOptions: null);
    }
}
