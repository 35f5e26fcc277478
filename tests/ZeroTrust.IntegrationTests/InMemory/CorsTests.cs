using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.InMemory;

/// <summary>Browsers may ask before they call, and read why they were refused; neither replaces the decision of the endpoint.</summary>
public sealed class CorsTests : IAsyncLifetime
{
    private const string Shop = "https://shop.example.test";
    private const string Stranger = "https://stranger.example.test";

    private readonly TestPeers _peers = new();
    private int _served;
    private WebApplication _app = null!;
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.AddZeroTrustDefaults();
        builder.Services.AddCors(cors => cors.AddPolicy("shop", policy => policy.WithOrigins(Shop).WithHeaders("Authorization")));
        builder.WebHost.UseTestServer().UseTestPeer(_peers);
        _app = builder.Build();
        _app.UseZeroTrust();
        _app.MapGet("/orders", () => Interlocked.Increment(ref _served)).RequireContext().RequireCors("shop");
        _app.MapGet("/open", () => "open").AllowPublic("no secret").RequireCors("shop");
        _app.MapGet("/closed", () => "closed").AllowPublic("no secret");
        await _app.StartAsync(TestContext.Current.CancellationToken);
        var handler = _peers.AsNobody(ListenerRole.Edge);
        handler.InnerHandler = _app.GetTestServer().CreateHandler();
        _browser = new HttpClient(handler) { BaseAddress = new Uri("https://localhost") };
        await _browser.CallAsync("/closed");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        _peers.Dispose();
    }

    [Theory]
    [InlineData("/orders", Shop, HttpStatusCode.NoContent, Shop)]
    [InlineData("/orders", Stranger, HttpStatusCode.NoContent, null)]
    [InlineData("/closed", Shop, HttpStatusCode.NotFound, null)]
    [InlineData("/nowhere", Shop, HttpStatusCode.NotFound, null)]
    public async Task A_preflight_is_answered_by_the_policy_of_its_endpoint_and_reaches_no_handler(string path, string origin, HttpStatusCode status, string? allowed)
    {
        using var preflight = From(HttpMethod.Options, path, origin);
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        using var response = await _browser.SendAsync(preflight, TestContext.Current.CancellationToken);

        Assert.Equal((status, allowed), (response.StatusCode, AllowedBy(response)));
        Assert.Equal(0, _served);
    }

    [Theory]
    [InlineData(Shop, Shop)]
    [InlineData(Stranger, null)]
    public async Task A_refusal_can_be_read_by_the_origin_that_is_allowed(string origin, string? allowed)
    {
        using var response = await SendAsync("/orders", origin);

        Assert.Equal((HttpStatusCode.Unauthorized, allowed), (response.StatusCode, AllowedBy(response)));
        Assert.Contains("authz.context_missing", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, _served);
    }

    [Fact]
    public async Task A_call_that_is_served_can_be_read_by_the_origin_that_is_allowed()
    {
        using var response = await SendAsync("/open", Shop);

        Assert.Equal((HttpStatusCode.OK, Shop), (response.StatusCode, AllowedBy(response)));
    }

    private static string? AllowedBy(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? Assert.Single(origins) : null;

    private static HttpRequestMessage From(HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string origin)
    {
        using var request = From(HttpMethod.Get, path, origin);
        return await _browser.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
