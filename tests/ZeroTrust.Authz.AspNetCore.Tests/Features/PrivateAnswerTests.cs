using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>What shared caches may do with answers: nothing, unless the endpoint is public.</summary>
public sealed class PrivateAnswerTests : IAsyncLifetime
{
    private TwoTenants _tenants = null!;

    public async ValueTask InitializeAsync() => _tenants = await TwoTenants.StartAsync(app =>
    {
        app.MapGet("/context", Answer).RequireContext();
        app.MapGet("/permission", Answer).RequirePermission("orders:read");
        app.MapGet("/tenants/{tenant}", Answer).RequireTenant("tenant");
        app.MapGet("/peer", Answer).RequirePeer();
        app.MapGet("/public", Answer).AllowPublic("the same for everybody");
        app.MapPost("/context", Answer).RequireContext();
    }, pipeline: app =>
    {
        // It stands before everything else, so that what it adds to the start of a response comes as late as an application can come.
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                if (http.Request.Query["late"].ToString() is { Length: > 0 } late)
                {
                    http.Response.Headers.CacheControl = late;
                }

                return Task.CompletedTask;
            });
            return next(http);
        });
        MeshHost.UsePackages(app);
    });

    public ValueTask DisposeAsync() => _tenants.DisposeAsync();

    [Theory]
    [InlineData("", "no-store")]
    [InlineData("no-store", "no-store")]
    [InlineData("no-cache,no-store", "no-cache,no-store")]
    [InlineData("private, no-cache", "private, no-cache")]
    [InlineData("private, max-age=60", "max-age=60, private")]
    [InlineData("public", "private")]
    [InlineData("PUBLIC, max-age=60", "max-age=60, private")]
    [InlineData("public, no-store", "no-store")]
    [InlineData("max-age=60", "max-age=60, private")]
    [InlineData("s-maxage=60", "private")]
    [InlineData("public, max-age=60, s-maxage=3600", "max-age=60, private")]
    [InlineData("private=\"x-tenant\", max-age=60", "max-age=60, private")]
    [InlineData("no-cache", "no-cache, private")]
    [InlineData("must-revalidate, max-age=60", "max-age=60, must-revalidate, private")]
    [InlineData("s-maxage=soon", "no-store")]
    [InlineData("public, max-age=", "no-store")]
    public async Task What_the_application_said_is_narrowed(string said, string expected)
    {
        Assert.Equal(Directives(expected), Directives(await CacheControlAsync($"/context?said={Uri.EscapeDataString(said)}")));
        Assert.Equal(Directives(expected), Directives(await CacheControlAsync($"/context?late={Uri.EscapeDataString(said)}")));
    }

    [Theory]
    [InlineData("/context", "private")]
    [InlineData("/permission", "private")]
    [InlineData("/tenants/acme", "private")]
    [InlineData("/peer", "private")]
    [InlineData("/public", "public")]
    public async Task Every_decision_but_the_public_one_makes_its_answers_private(string path, string expected) =>
        Assert.Equal(expected, await CacheControlAsync(path + "?said=public"));

    [Fact]
    public async Task A_public_answer_is_left_as_it_is() => Assert.Equal(string.Empty, await CacheControlAsync("/public"));

    [Fact]
    public async Task An_answer_with_a_validator_may_be_asked_about_again() =>
        Assert.Equal("private, no-cache", await CacheControlAsync("/context?etag=1"));

    [Fact]
    public async Task A_refusal_is_not_stored()
    {
        using var response = await _tenants.SendAsync(caller: null, Requests.Get("/context?said=public"));
        Assert.Equal("no-store", string.Join(',', response.Headers.GetValues("Cache-Control")));
    }

    [Fact]
    public async Task An_answer_to_a_POST_is_private_too()
    {
        using var response = await _tenants.SendAsync("acme", new HttpRequestMessage(HttpMethod.Post, "/context?said=public"));
        Assert.Equal("private", string.Join(',', response.Headers.GetValues("Cache-Control")));
    }

    [Theory]
    [InlineData("CDN-Cache-Control")]
    [InlineData("cloudflare-cdn-cache-control")]
    [InlineData("Surrogate-Control")]
    [InlineData("X-Accel-Expires")]
    [InlineData("Edge-Control")]
    public async Task What_a_shared_cache_reads_in_its_place_is_removed(string field)
    {
        using var kept = await _tenants.SendAsync("acme", Requests.Get("/public?field=" + field));
        using var removed = await _tenants.SendAsync("acme", Requests.Get("/context?field=" + field));

        Assert.True(kept.Headers.Contains(field));
        Assert.False(removed.Headers.Contains(field));
    }

    [Fact]
    public async Task An_expiry_for_caches_that_know_no_directives_has_passed()
    {
        using var response = await _tenants.SendAsync("acme", Requests.Get("/context?field=Expires"));
        Assert.Equal("0", Assert.Single(response.Content.Headers.NonValidated["Expires"]));
    }

    private static string Answer(HttpContext http)
    {
        var (query, headers) = (http.Request.Query, http.Response.Headers);
        if (query["said"].ToString() is { Length: > 0 } said)
        {
            headers.CacheControl = said;
        }

        if (query["field"].ToString() is { Length: > 0 } field)
        {
            headers[field] = "max-age=60";
        }

        if (query.ContainsKey("etag"))
        {
            headers.ETag = "\"1\"";
        }

        return "answer";
    }

    private static SortedSet<string> Directives(string text) =>
        new(text.Split(',', StringSplitOptions.TrimEntries), StringComparer.Ordinal);

    private async Task<string> CacheControlAsync(string path)
    {
        using var response = await _tenants.SendAsync("acme", Requests.Get(path));
        response.EnsureSuccessStatusCode();
        return response.Headers.NonValidated.TryGetValues("Cache-Control", out var values) ? values.ToString() : string.Empty;
    }
}
