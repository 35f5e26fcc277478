using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>The 401 or 403 of a server that was called, in whatever way it ends a call of this service, is not the caller's.</summary>
public sealed class UncaughtAnswerTests
{
    [Theory]
    [InlineData("/ensured", 401)]
    [InlineData("/ensured", 403)]
    [InlineData("/wrapped", 403)]
    [InlineData("/several", 403)]
    [InlineData("/nested", 403)]
    [InlineData("/awaited", 403)]
    [InlineData("/first", 403)]
    public async Task It_is_a_bad_gateway_and_logged_against_the_server(string path, int status)
    {
        await using var host = await StartAsync();

        var (response, body) = await CallAsync(host, $"{path}/{status}");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Contains("\"code\":\"aspnetcore.upstream_refused\"", body, StringComparison.Ordinal);
        var told = await host.WaitForEventAsync("CallFailedUpstream");
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Contains($"A server that was called answered {status}", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream_refused: aspnetcore.upstream_refused", told.Message, StringComparison.Ordinal);
        Assert.False(host.Logged("CallRefused"));
        Assert.DoesNotContain(host.Logs.GetSnapshot(), record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task It_is_answered_the_same_where_an_exception_handler_catches_it_first()
    {
        await using var host = await StartAsync(
            app => app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask }));

        Assert.Equal(HttpStatusCode.BadGateway, (await CallAsync(host, "/ensured/403")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await CallAsync(host, "/ensured/404")).Response.StatusCode);
    }

    [Theory]
    [InlineData("/ensured/400")]
    [InlineData("/ensured/404")]
    [InlineData("/ensured/407")]
    [InlineData("/ensured/500")]
    [InlineData("/ensured/503")]
    [InlineData("/outage/0")]
    [InlineData("/timeout/0")]
    [InlineData("/behind/404")]
    [InlineData("/deep/403")]
    [InlineData("/executed/0")]
    [InlineData("/executed/1")]
    public async Task What_is_no_refusal_stays_as_it_is(string path)
    {
        await using var host = await StartAsync();

        var (response, body) = await CallAsync(host, path);

        Assert.Equal((HttpStatusCode.InternalServerError, ""), (response.StatusCode, body));
        Assert.False(host.Logged("CallFailedUpstream"));
    }

    [Fact]
    public async Task A_decision_that_the_handler_passes_on_stays_its_answer()
    {
        await using var host = await StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await CallAsync(host, "/copied/403")).Response.StatusCode);
        Assert.False(host.Logged("CallFailedUpstream"));
    }

    [Fact]
    public async Task Behind_an_answer_that_has_begun_it_ends_the_connection_and_is_told()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(host, "/streamed/403"));

        await host.WaitForEventAsync("CallFailedUpstream");
    }

    [Fact]
    public async Task A_reader_of_another_protocol_is_asked_and_its_no_is_final()
    {
        await using var host = await StartAsync();

        var (refused, body) = await CallAsync(host, "/other/403");
        var (failed, _) = await CallAsync(host, "/other/404");

        Assert.Equal((HttpStatusCode.BadGateway, HttpStatusCode.InternalServerError), (refused.StatusCode, failed.StatusCode));
        Assert.DoesNotContain("other.refused", body, StringComparison.Ordinal);
        Assert.Contains("other.refused", (await host.WaitForEventAsync("CallFailedUpstream")).Message, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Action<WebApplication>? before = null) => TestHost.StartAsync(
        TestHost.ProbeListener(),
        build: builder => builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstreamRefusalReader, OtherReader>()),
        use: app =>
        {
            before?.Invoke(app);
            Map(app, "/ensured", status => throw Answered(status));
            Map(app, "/wrapped", status => throw new InvalidOperationException("Billing failed.", Answered(status)));
            Map(app, "/several", status => throw new AggregateException(new TimeoutException(), Answered(404), Answered(status)));
            Map(app, "/nested", status => throw new AggregateException(new AggregateException(new IOException("outer", Answered(status)))));
            Map(app, "/outage", _ => throw new HttpRequestException(HttpRequestError.ConnectionError));
            Map(app, "/timeout", _ => throw new TaskCanceledException("late", new TimeoutException()));
            Map(app, "/behind", status => throw new HttpRequestException("outer", Answered(403), (HttpStatusCode)status));
            Map(app, "/deep", status => throw Enumerable.Range(0, 40)
                .Aggregate<int, Exception>(Answered(status), (inner, _) => new AggregateException(inner)));
            Map(app, "/executed", wrapped => throw MayBeExecuted(wrapped == 1));
            Map(app, "/copied", status => Results.StatusCode(status));
            Map(app, "/other", status => throw new OtherException(status));
            MapAsync(app, "/awaited", status => Task.FromException(Answered(status)));
            MapAsync(app, "/first", status => Task.WhenAll(Task.FromException(Answered(status)), Task.FromException(new TimeoutException())));
            app.MapGet("/streamed/{status:int}", (int status) => StreamAsync(status)).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        });

    private static HttpRequestException Answered(int status)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return Assert.Throws<HttpRequestException>(response.EnsureSuccessStatusCode);
    }

    // As a client of AddMtls throws it for a POST.
    private static Exception MayBeExecuted(bool wrapped)
    {
        var closed = new RejectionException(new Rejection("mtls.closed_after_handshake", "detail", RejectionKind.Unavailable).ToOutbound());
        var failure = new HttpRequestException("closed", closed) { Data = { ["zerotrust.may_be_executed"] = true } };
        return wrapped ? new InvalidOperationException("Billing failed.", failure) : failure;
    }

    private static async IAsyncEnumerable<string> StreamAsync(int status)
    {
        yield return new string('x', 100_000);
        await Task.Yield();
        throw Answered(status);
    }

    private static void Map(WebApplication app, string path, Func<int, IResult> handler) =>
        app.MapGet(path + "/{status:int}", (int status) => handler(status)).AllowPublic("test").OnListeners(ListenerRoles.Probe);

    private static void MapAsync(WebApplication app, string path, Func<int, Task> handler) =>
        app.MapGet(path + "/{status:int}", (int status) => handler(status)).AllowPublic("test").OnListeners(ListenerRoles.Probe);

    private static async Task<(HttpResponseMessage Response, string Body)> CallAsync(TestHost host, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };
        var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private sealed class OtherException(int status) : Exception("other", Answered(403))
    {
        public int Status => status;
    }

    private sealed class OtherReader : IUpstreamRefusalReader
    {
        public bool TryRead(Exception exception, out Rejection? refusal)
        {
            refusal = exception is OtherException { Status: 403 } ? new Rejection("other.refused", "detail", RejectionKind.Forbidden).ToOutbound() : null;
            return exception is OtherException;
        }
    }
}
