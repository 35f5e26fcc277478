using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Outside;

public sealed class PreflightTests
{
    private const string Shop = "https://shop.example.test";

    [Fact]
    public async Task Of_a_preflight_only_the_headers_of_the_cors_middleware_leave()
    {
        await using var host = await StartAsync(app => app.UseCorsPreflights());
        using var browser = host.Client("edge");
        using var response = await browser.SendAsync(Preflight(), TestContext.Current.CancellationToken);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(Shop, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.All(response.Headers, header => Assert.True(
            header.Key.StartsWith("Access-Control-", StringComparison.Ordinal) || header.Key is "Date" or "Server" or "Vary", header.Key));
        Assert.Equal((401, "authz.context_missing"), await browser.AskAsync(Requests.Get("/orders").With("Origin", Shop)));
    }

    [Fact]
    public async Task A_preflight_that_something_else_answers_does_not_leave()
    {
        await using var host = await StartAsync(app =>
        {
            app.UseCorsPreflights();
            app.Use((HttpContext context, RequestDelegate _) =>
            {
                context.Response.StatusCode = 204;
                context.Response.Headers.AccessControlAllowOrigin = "*";
                return Task.CompletedTask;
            });
        });
        using var browser = host.Client("edge");
        using var answered = await browser.SendAsync(Preflight(), TestContext.Current.CancellationToken);
        using var passedOn = await browser.SendAsync(Preflight("/plain"), TestContext.Current.CancellationToken);

        Assert.Equal(204, (int)answered.StatusCode);
        Assert.Equal(500, (int)passedOn.StatusCode);
        Assert.False(passedOn.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_preflight_outside_of_its_place_is_a_response_like_any_other()
    {
        await using var host = await StartAsync(app => app.UseCors());
        using var browser = host.Client("edge");
        using var response = await browser.SendAsync(Preflight(), TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static HttpRequestMessage Preflight(string path = "/orders") => new HttpRequestMessage(HttpMethod.Options, path)
        .With("Origin", Shop).With("Access-Control-Request-Method", "GET");

    private static Task<MeshHost> StartAsync(Action<WebApplication> cors) => MeshHost.StartAsync(
        app =>
        {
            app.MapGet("/orders", () => "served").RequirePermission("orders:read").RequireCors("shop");
            app.MapGet("/plain", () => "served").RequirePermission("orders:read");
        },
        builder =>
        {
            builder.Services.AddCors(options => options.AddPolicy("shop", policy => policy.WithOrigins(Shop)));
            builder.Services.AddSingleton<IStartupFilter>(new Headers());
        },
        app =>
        {
            app.UseListenerGuard();
            app.UseContextHeaderStripping();
            app.UsePeerCurrency();
            app.UseRouting();
            cors(app);
            app.UseListenerRoles();
            app.UseAuthzContext();
            app.UseAuthorization();
        });

    /// <summary>Adds headers to every response, in the two ways there are.</summary>
    private sealed class Headers : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Response.Headers["X-First"] = "secret";
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["X-Second"] = "secret";
                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
