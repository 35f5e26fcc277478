using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>What becomes of calls that do not end by themselves.</summary>
public sealed class StreamDrainTests
{
    private static readonly TimeSpan PropagationDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(TickService.HeedAsync))]
    [InlineData(nameof(TickService.SwallowAsync))]
    public async Task A_stream_goes_on_until_the_drain_time_is_over_and_is_told_why_it_ends(string method)
    {
        await using var host = await StartAsync();
        using var call = Open(host, method);
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        var next = call.ResponseStream.MoveNext(Cancelled);

        var stopping = await DrainAsync(host);
        host.Time.Advance(DrainTimeout - TimeSpan.FromTicks(1));
        Assert.False(next.IsCompleted);
        Assert.False(stopping.IsCompleted);

        host.Time.Advance(TimeSpan.FromTicks(1));
        var ended = await Assert.ThrowsAsync<RpcException>(() => next);
        Assert.Equal((StatusCode.Unavailable, "health.draining"), (ended.StatusCode, ended.Status.Detail));
        await PassTimeUntilAsync(host, stopping);
    }

    [Fact]
    public async Task A_stream_that_heeds_nothing_is_cut_off()
    {
        await using var host = await StartAsync();
        using var call = Open(host, nameof(TickService.IgnoreAsync));
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        var next = call.ResponseStream.MoveNext(Cancelled);

        var stopping = await DrainAsync(host);
        host.Time.Advance(DrainTimeout);
        Assert.False(next.IsCompleted);

        await PassTimeUntilAsync(host, stopping);
        await Assert.ThrowsAsync<RpcException>(() => next);
    }

    [Fact]
    public async Task A_long_http_response_is_cut_off_too()
    {
        await using var host = await StartAsync();
        using var response = await host.Client1.GetAsync(new Uri("/endless", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var body = response.Content.ReadAsByteArrayAsync(Cancelled);

        var stopping = await DrainAsync(host);
        host.Time.Advance(DrainTimeout);
        await PassTimeUntilAsync(host, stopping);

        await Assert.ThrowsAnyAsync<Exception>(() => body);
    }

    [Fact]
    public async Task Nothing_is_cut_off_where_all_calls_end_in_time()
    {
        await using var host = await StartAsync();
        using (var call = Open(host, nameof(TickService.HeedAsync)))
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        }

        var stopping = await DrainAsync(host);
        await stopping;

        Assert.DoesNotContain(host.Events(), name => name == "DrainTimedOut");
    }

    [Fact]
    public async Task Calls_that_were_cut_off_are_told_to_the_operator()
    {
        await using var host = await StartAsync();
        using var call = Open(host, nameof(TickService.IgnoreAsync));
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));

        var stopping = await DrainAsync(host);
        host.Time.Advance(DrainTimeout);
        await PassTimeUntilAsync(host, stopping);

        Assert.Single(host.Events(), name => name == "DrainTimedOut");
    }

    /// <summary>The host's own time is long, so that nothing but the drain can cut a call off within the deadline of the test.</summary>
    private static Task<HealthHost> StartAsync() => HealthHost.StartAsync(services: services => services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(10)), map: endpoints =>
    {
        endpoints.MapGrpcService<TickService>().AllowPublic("test").OnListeners(HealthHost.Everywhere);
        endpoints.MapGet("/endless", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("begun", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }).AllowPublic("test").OnListeners(HealthHost.Everywhere);
    });

    private static AsyncDuplexOrServerCall Open(HealthHost host, string method)
    {
        var invoker = host.Channel.CreateCallInvoker();
        if (method == TickService.Swallowing.Name)
        {
            var call = invoker.AsyncDuplexStreamingCall(TickService.Swallowing, host: null, new CallOptions(cancellationToken: Cancelled));
            return new AsyncDuplexOrServerCall(call.ResponseStream, call);
        }

        var streaming = invoker.AsyncServerStreamingCall(
            method == TickService.Deaf.Name ? TickService.Deaf : TickService.Heeding, host: null, new CallOptions(cancellationToken: Cancelled), []);
        return new AsyncDuplexOrServerCall(streaming.ResponseStream, streaming);
    }

    /// <summary>Begins to stop and waits until the listeners are closing.</summary>
    private static async Task<Task> DrainAsync(HealthHost host)
    {
        var stopping = host.App.StopAsync(Cancelled);
        host.Time.Advance(PropagationDelay);
        await Eventually.IsTrueAsync(() => host.Events().Contains("DrainCompleted", StringComparer.Ordinal));
        return stopping;
    }

    private static async Task PassTimeUntilAsync(HealthHost host, Task stopping)
    {
        await Eventually.IsTrueAsync(() =>
        {
            host.Time.Advance(AnswerTime);
            return stopping.IsCompleted;
        });
        await stopping;
    }

    private sealed record AsyncDuplexOrServerCall(IAsyncStreamReader<byte[]> ResponseStream, IDisposable Call) : IDisposable
    {
        public void Dispose() => Call.Dispose();
    }
}
