using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class RejectionHandlerTests
{
    [Theory]
    [InlineData(RejectionKind.Unauthenticated, 401)]
    [InlineData(RejectionKind.Forbidden, 403)]
    [InlineData(RejectionKind.Malformed, 400)]
    [InlineData(RejectionKind.Unavailable, 503)]
    [InlineData(RejectionKind.BadGateway, 502)]
    [InlineData(RejectionKind.Unspecified, 500)]
    public async Task The_answer_says_the_code_and_nothing_else(RejectionKind kind, int status)
    {
        var rejection = new Rejection("test.reason", "internal detail", kind) { Expected = "expectation", Presented = "presentation" };
        await using var host = await StartAsync(rejection);
        using var refused = new MetricCollector<long>(
            host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.calls.refused");
        using var client = Client(host);
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("\"type\":\"urn:zerotrust:rejection:test.reason\"", body, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"test.reason\"", body, StringComparison.Ordinal);
        Assert.Contains($"\"status\":{status}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("internal", body, StringComparison.Ordinal);
        Assert.DoesNotContain("expectation", body, StringComparison.Ordinal);
        Assert.DoesNotContain("presentation", body, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count > 0);
        Assert.False(response.Headers.Contains("X-From-Endpoint"));

        var audit = await host.WaitForEventAsync("CallRefused");
        Assert.Equal(LogLevel.Warning, audit.Level);
        Assert.Equal("test.reason", audit.GetStructuredStateValue("error.type"));
        Assert.Equal("probe", audit.GetStructuredStateValue("zerotrust.listener"));
        Assert.Contains("internal detail", audit.Message, StringComparison.Ordinal);
        Assert.Equal("test.reason", Assert.Single(refused.GetMeasurementSnapshot()).Tags["error.type"]);
    }

    [Fact]
    public async Task A_head_request_gets_the_status_without_a_body()
    {
        await using var host = await StartAsync(new Rejection("test.reason", "detail", RejectionKind.Forbidden));
        using var client = Client(host);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData(true, "wire: test.reason")]
    [InlineData(false, "{\"type\":")]
    public async Task A_writer_answers_the_calls_of_its_protocol(bool speaks, string body)
    {
        await using var host = await StartAsync(
            new Rejection("test.reason", "detail", RejectionKind.Forbidden),
            builder => builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IRejectionWriter>(new WireWriter(speaks))));
        using var client = Client(host);
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.StartsWith(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_a_response_cuts_it_off()
    {
        await using var host = await StartAsync(new Rejection("test.reason", "detail", RejectionKind.Forbidden));
        using var client = Client(host);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("/started", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("test.reason", (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_connection_without_a_mark_is_aborted()
    {
        await using var host = await StartAsync(new Rejection("test.reason", "detail", RejectionKind.Forbidden));
        var reached = false;
        var app = new ApplicationBuilder(host.Services);
        app.UseListenerGuard();
        app.Run(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        var pipeline = app.Build();

        using var aborted = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestServices = host.Services };
        context.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature>(new Lifetime(aborted));
        await pipeline(context);
        Assert.False(reached);
        Assert.True(aborted.IsCancellationRequested);
        Assert.Equal("aspnetcore.listener_unknown", (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("error.type"));

        context.Features.Set<IListenerFeature>(new Internal.ListenerFeature("mesh", ListenerRole.Mesh));
        await pipeline(context);
        Assert.True(reached);
    }

    [Fact]
    public void Every_kind_but_the_unspecified_has_a_status_of_its_own() => Assert.Equal(
        Enum.GetValues<RejectionKind>().Length,
        Enum.GetValues<RejectionKind>().Select(kind => RejectionHandler.StatusOf(new Rejection("test.reason", "detail", kind))).Distinct().Count());

    [Fact]
    public void Every_reason_has_a_code_and_a_kind()
    {
        foreach (var reason in Enum.GetValues<AspNetCoreRejectionReason>())
        {
            var rejection = Internal.AspNetCoreRejections.Refuse(reason, "detail");
            Assert.StartsWith("aspnetcore.", rejection.Code, StringComparison.Ordinal);
            var isDefect = reason is AspNetCoreRejectionReason.Unspecified or AspNetCoreRejectionReason.CheckFailed or AspNetCoreRejectionReason.ResponseUndecided;
            Assert.Equal(isDefect, rejection.Kind == RejectionKind.Unspecified);
            var isHidden = reason is AspNetCoreRejectionReason.EndpointNotFound or AspNetCoreRejectionReason.EndpointNotOnListener;
            Assert.Equal(isHidden, RejectionHandler.StatusOf(rejection) == StatusCodes.Status404NotFound);
        }
    }

    private static Task<TestHost> StartAsync(Rejection rejection, Action<WebApplicationBuilder>? build = null) => TestHost.StartAsync(
        TestHost.ProbeListener(),
        build: build,
        use: app =>
        {
            app.MapMethods("/", ["GET", "HEAD"], (HttpContext context) =>
            {
                context.Response.Headers["X-From-Endpoint"] = "internal";
                return Rejections.ToResult(rejection);
            }).AllowPublic("test").OnListeners(ListenerRoles.Probe);
            app.MapGet("/started", async (HttpContext context) =>
            {
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("begun", context.RequestAborted);
                throw new RejectionException(rejection);
            }).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        });

    private static HttpClient Client(TestHost host) => new() { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

    private sealed class WireWriter(bool speaks) : IRejectionWriter
    {
        public bool CanWrite(HttpContext context) => speaks;

        public Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken) =>
            context.Response.WriteAsync("wire: " + rejection.Code, cancellationToken);
    }

    private sealed class Lifetime(CancellationTokenSource aborted) : Microsoft.AspNetCore.Http.Features.IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = aborted.Token;

        public void Abort() => aborted.Cancel();
    }
}
