using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>
/// What happens to calls that the output cache can make no key of, because of what a policy put into it. Without a key they would wait for
/// one another and share one answer, whatever they asked for.
/// </summary>
public sealed class KeylessCacheTests
{
    private static readonly Dictionary<string, Action<OutputCacheContext>> Policies = new(StringComparer.Ordinal)
    {
        ["value"] = context => context.CacheVaryByRules.VaryByValues["lang"] = Unescaped(context),
        ["name of a value"] = context => context.CacheVaryByRules.VaryByValues[Unescaped(context)] = "a",
        ["prefix"] = context => context.CacheVaryByRules.CacheKeyPrefix = Unescaped(context),
        ["value, no lookup"] = context =>
        {
            context.AllowCacheLookup = false;
            context.CacheVaryByRules.VaryByValues["lang"] = Unescaped(context);
        },
        ["header that a policy changes"] = context =>
        {
            context.HttpContext.Request.Headers["X-Kind"] = Unescaped(context);
            context.CacheVaryByRules.HeaderNames = "X-Kind";
        },
        ["route value that a policy changes"] = context =>
        {
            context.HttpContext.Request.RouteValues["kind"] = Unescaped(context);
            context.CacheVaryByRules.RouteValueNames = "kind";
        },
        ["path that a policy changes"] = context => context.HttpContext.Request.Path = "/" + Unescaped(context),
        ["query that a policy changes"] = context =>
        {
            context.HttpContext.Request.QueryString = QueryString.Create("kind", Unescaped(context));
            context.CacheVaryByRules.QueryKeys = "kind";
        },
    };

    public static TheoryData<string> Names => [.. Policies.Keys];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Calls_that_wait_for_one_without_a_key_never_get_its_answer(string name)
    {
        var service = new HeldAnswers();
        await using var tenants = await StartAsync(service, Policies[name]);
        var first = tenants.AskAsync("acme", "/answer?lang=%251E");
        await service.Begun.WaitAsync(TestContext.Current.CancellationToken);

        var second = BodyAsync(tenants, "globex", "/other?lang=%251E");
        await service.BothChosen.WaitAsync(TestContext.Current.CancellationToken);
        service.Release();

        Assert.Equal("500", await first);
        Assert.DoesNotContain("acme", await second, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_policy_keeps_answers_that_have_a_key(string name)
    {
        var service = new HeldAnswers();
        service.Release();
        await using var tenants = await StartAsync(service, Policies[name]);
        var expected = name.EndsWith("no lookup", StringComparison.Ordinal) ? "200 acme 1, 200 acme 2" : "200 acme 1, 200 acme 1";

        Assert.Equal(expected, await tenants.AskTwiceAsync("acme", "/answer?lang=%2520"));
        Assert.StartsWith("200 globex", await tenants.AskAsync("globex", "/answer?lang=%2520"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/answer", "lang=%1E")]
    [InlineData("/answer", "lang=a%1fb")]
    [InlineData("/answer/%1E", null)]
    public async Task A_request_is_refused_for_a_cookie_or_a_route_value_before_it_runs(string path, string? cookie)
    {
        var service = new HeldAnswers();
        service.Release();
        await using var tenants = await StartAsync(
            service, context => context.CacheVaryByRules.VaryByValues["lang"] = context.HttpContext.Request.Cookies["lang"] ?? "");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await tenants.SendAsync("acme", request);

        Assert.Contains(
            "authz.cache_key_malformed",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(0, service.Runs);
    }

    private static string Unescaped(OutputCacheContext context) =>
        Uri.UnescapeDataString(context.HttpContext.Request.Query["lang"].ToString());

    private static Task<TwoTenants> StartAsync(HeldAnswers service, Action<OutputCacheContext> choose) => TwoTenants.StartAsync(
        app =>
        {
            foreach (var path in (string[])["/answer", "/other", "/answer/{kind}"])
            {
                app.MapGet(path, service.AnswerAsync).RequireContext()
                    .CacheOutput(policy => policy.AddPolicy<CacheForEveryone>().AddPolicy<ChoosingPolicy>());
            }
        },
        builder =>
        {
            builder.Services.AddOutputCache();
            builder.Services.AddSingleton(choose);
            builder.Services.AddSingleton(service);
        },
        app => app.UseOutputCache());

    private static async Task<string> BodyAsync(TwoTenants tenants, string caller, string path)
    {
        using var response = await tenants.SendAsync(caller, Requests.Get(path));
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }
}
