using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>What answers the failure of an endpoint whose answers are cached, which the cache has no part in.</summary>
public sealed class CachedFailureTests
{
    private static readonly Dictionary<string, Action<WebApplication>> Handlers = new(StringComparer.Ordinal)
    {
        ["problem details"] = app => app.UseExceptionHandler(),
        ["branch"] = app => app.UseExceptionHandler(branch => branch.Run(http => http.Response.WriteAsync("handled"))),
        ["cached endpoint"] = app => app.UseExceptionHandler("/failed"),
        ["public endpoint"] = app => app.UseExceptionHandler("/failed-for-all"),
        ["service"] = app => app.UseExceptionHandler(),
    };

    public static TheoryData<string, string, bool> Failures =>
        [.. from handler in Handlers.Keys
            from path in (string[])["/throw", "/bad", "/called", "/bind"]
            from asContext in (bool[])[false, true]
            select new TheoryDataRow<string, string, bool>(handler, path, asContext)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_is_answered_as_without_the_cache(string handler, string path, bool asContext)
    {
        await using var cached = await StartAsync(handler, Cache);
        await using var plain = await StartAsync(handler, _ => { });
        var caller = asContext ? "acme" : null;

        var expected = await AskAsync(plain, caller, path);
        Assert.Equal(expected, await AskAsync(cached, caller, path));
        Assert.Equal(expected, await AskAsync(cached, caller, path));
        Assert.NotEmpty(expected.Body);
    }

    [Theory]
    [InlineData("/lost")]
    [InlineData("/lost-for-all")]
    public async Task A_status_without_a_page_gets_that_of_another_endpoint(string page)
    {
        await using var tenants = await StartAsync("branch", Cache, app => app.UseStatusCodePagesWithReExecute(page));

        var (status, body) = await AskAsync(tenants, caller: null, "/status");

        Assert.Equal((HttpStatusCode)418, status);
        Assert.Equal("lost", body);
    }

    [Theory]
    [InlineData("/throw")]
    [InlineData("/answer")]
    public async Task A_policy_that_removes_the_values_is_refused_all_the_same(string path)
    {
        await using var tenants = await StartAsync("branch", endpoint => endpoint.CacheOutput(policy =>
            policy.AddPolicy<CacheForEveryone>().AddPolicy<ForgetfulPolicy>()));

        Assert.DoesNotContain("answer", await TryAskAsync(tenants, path), StringComparison.Ordinal);
        Assert.DoesNotContain("answer", await TryAskAsync(tenants, path), StringComparison.Ordinal);
        Assert.Contains(
            tenants.Host.Logs.GetSnapshot(),
            record => record.Exception?.ToString().Contains("'zerotrust.caller'", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_endpoint_beside_them_that_does_not_fail_is_cached()
    {
        await using var tenants = await StartAsync("branch", Cache);

        Assert.Equal("200 answer 1, 200 answer 1", await tenants.AskTwiceAsync(caller: null));
    }

    private static Task<TwoTenants> StartAsync(
        string handler, Action<IEndpointConventionBuilder> cache, Action<WebApplication>? before = null) => TwoTenants.StartAsync(
        app =>
        {
            var runs = 0;
            Add(app.MapGet("/answer", () => $"answer {++runs}"));
            Add(app.MapGet("/throw", string () => throw new InvalidOperationException("defect")));
            Add(app.MapGet("/bad", string () => throw new BadHttpRequestException("bad", StatusCodes.Status413PayloadTooLarge)));
            Add(app.MapGet("/called", string () => throw new HttpRequestException("refused", inner: null, HttpStatusCode.Unauthorized)));
            Add(app.MapGet("/bind", (int number) => $"{number}"));
            Add(app.MapGet("/status", () => Results.StatusCode(StatusCodes.Status418ImATeapot)));
            Add(app.MapGet("/failed", () => "failed"));
            Add(app.MapGet("/lost", () => "lost"));
            cache(app.MapGet("/failed-for-all", () => "failed").AllowPublic("a page of errors"));
            cache(app.MapGet("/lost-for-all", () => "lost").AllowPublic("a page of errors"));

            void Add(RouteHandlerBuilder endpoint) => cache(endpoint.RequirePeer());
        },
        builder =>
        {
            builder.Services.AddOutputCache().AddProblemDetails();
            builder.Services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
            if (handler == "service")
            {
                builder.Services.AddExceptionHandler<WordHandler>();
            }
        },
        pipeline: app =>
        {
            Handlers[handler](app);
            before?.Invoke(app);
            app.UseRouting();
            MeshHost.UsePackages(app);
            app.UseOutputCache();
        });

    private static void Cache(IEndpointConventionBuilder endpoint) => endpoint.CacheOutput(policy => policy.AddPolicy<CacheForEveryone>());

    private static async Task<string> TryAskAsync(TwoTenants tenants, string path)
    {
        try
        {
            return (await AskAsync(tenants, caller: null, path)).Body;
        }
        catch (HttpRequestException)
        {
            return string.Empty;
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(TwoTenants tenants, string? caller, string path)
    {
        using var response = await tenants.SendAsync(caller, Requests.Get(path));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, body.Split("traceId")[0]);
    }

    private sealed class WordHandler : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await httpContext.Response.WriteAsync("told", cancellationToken);
            return true;
        }
    }
}
