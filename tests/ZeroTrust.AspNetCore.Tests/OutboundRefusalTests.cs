using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A refused call to another server, in whatever way it comes out of a handler, is not a refusal of the caller.</summary>
public sealed class OutboundRefusalTests
{
    private const string Secret = "mtls.server_identity_mismatch";

    [Theory]
    [InlineData("/thrown")]
    [InlineData("/wrapped")]
    [InlineData("/typed")]
    [InlineData("/several")]
    [InlineData("/returned")]
    public async Task It_is_answered_as_a_bad_gateway_and_logged_against_the_server(string path)
    {
        await using var host = await StartAsync(RejectionKind.Unauthenticated);

        var (response, body) = await CallAsync(host, path);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Contains("\"code\":\"aspnetcore.upstream_refused\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("mtls", body, StringComparison.Ordinal);
        var told = await host.WaitForEventAsync("CallFailedUpstream");
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Equal("aspnetcore.upstream_refused", told.GetStructuredStateValue("error.type"));
        Assert.Contains($"{Secret}: Another server. Expected billing, presented orders.", told.Message, StringComparison.Ordinal);
        Assert.False(host.Logged("CallRefused"));
    }

    [Fact]
    public async Task It_is_answered_the_same_where_an_exception_handler_catches_it_first()
    {
        await using var host = await StartAsync(RejectionKind.Forbidden, app => app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => context.Response.WriteAsync("handled", context.RequestAborted),
        }));

        var (response, body) = await CallAsync(host, "/thrown");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("aspnetcore.upstream_refused", body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.InternalServerError, "handled"), await StatusAndBodyAsync(host, "/other"));
    }

    [Fact]
    public async Task What_cannot_be_decided_now_is_unavailable()
    {
        await using var host = await StartAsync(RejectionKind.Unavailable);

        var (response, body) = await CallAsync(host, "/thrown");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("\"code\":\"aspnetcore.upstream_unavailable\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("LOCK", false)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("GET", true)]
    public async Task Only_an_idempotent_call_is_told_to_try_again(string method, bool isIdempotent)
    {
        await using var host = await StartAsync(RejectionKind.Unavailable);
        foreach (var path in (string[])["/thrown", "/wrapped", "/returned"])
        {
            var (response, body) = await CallAsync(host, path, method);

            Assert.Equal(
                (isIdempotent ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.BadGateway, isIdempotent),
                (response.StatusCode, response.Headers.RetryAfter is not null));
            Assert.Contains("\"code\":\"aspnetcore.upstream_unavailable\"", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_outage_before_the_call_is_executed_invites_every_method()
    {
        await using var host = await StartAsync(RejectionKind.Unavailable);

        var (response, _) = await CallAsync(host, "/down", "POST");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task The_same_refusal_of_the_caller_is_still_the_callers()
    {
        await using var host = await StartAsync(RejectionKind.Unauthenticated);

        var (response, body) = await CallAsync(host, "/inbound");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
        Assert.Contains("\"code\":\"test.inbound\"", body, StringComparison.Ordinal);
        Assert.Equal("test.inbound", (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("error.type"));
        Assert.False(host.Logged("CallFailedUpstream"));
    }

    private static Task<TestHost> StartAsync(RejectionKind kind, Action<WebApplication>? before = null)
    {
        var outbound = new Rejection(Secret, "Another server.", kind) { Expected = "billing", Presented = "orders" }.ToOutbound();
        return TestHost.StartAsync(TestHost.ProbeListener(), use: app =>
        {
            before?.Invoke(app);
            Map(app, "/thrown", () => throw new RejectionException(outbound));
            Map(app, "/wrapped", () => throw new HttpRequestException("failed", new RejectionException(outbound)));
            Map(app, "/typed", () => throw new InvalidOperationException("Billing failed.", new HttpRequestException("failed", new RejectionException(outbound))));
            Map(app, "/several", () => throw new AggregateException(new TimeoutException(), new RejectionException(outbound)));
            Map(app, "/returned", () => Rejections.ToResult(outbound));
            Map(app, "/inbound", () => throw new RejectionException(new Rejection("test.inbound", "detail", RejectionKind.Unauthenticated)));
            Map(app, "/down", () => throw new RejectionException(new Rejection("test.down", "detail", RejectionKind.Unavailable)));
            Map(app, "/other", () => throw new InvalidOperationException("other"));
        });
    }

    private static void Map(WebApplication app, string path, Func<IResult> handler) =>
        app.MapMethods(path, ["GET", "POST", "PATCH", "LOCK", "PUT", "DELETE"], handler)
            .AllowPublic("test").OnListeners(ListenerRoles.Probe);

    private static async Task<(HttpStatusCode Status, string Body)> StatusAndBodyAsync(TestHost host, string path)
    {
        var (response, body) = await CallAsync(host, path);
        return (response.StatusCode, body);
    }

    private static async Task<(HttpResponseMessage Response, string Body)> CallAsync(TestHost host, string path, string method = "GET")
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
