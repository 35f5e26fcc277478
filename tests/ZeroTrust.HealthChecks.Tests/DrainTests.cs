using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class DrainTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_surface_says_not_serving_while_the_listener_is_open_and_calls_are_served(bool bySignal)
    {
        await using var host = await HealthHost.StartAsync();
        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(ServingStatus.Serving);

        var stopping = Stop(host, bySignal);
        await watch.ReachesAsync(ServingStatus.NotServing);
        for (var i = 0; i < 20; i++)
        {
            using var fresh = HealthHost.NewClient(host.Http1, HttpVersion.Version11);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz", fresh));
            Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/livez", fresh));
            Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work", fresh));
            Assert.Equal(ServingStatus.NotServing, await host.CheckAsync());
        }

        host.Hub.Report("db", DependencyState.Ready);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz"));
        Assert.False(stopping.IsCompleted);

        host.Time.Advance(Delay);
        await stopping;
        await RefusedAsync(host.Http1);
        await RefusedAsync(host.Http2);
    }

    [Fact]
    public async Task The_listener_stays_open_just_short_of_the_delay()
    {
        await using var host = await HealthHost.StartAsync();
        var stopping = host.App.StopAsync(Cancelled);

        host.Time.Advance(Delay - TimeSpan.FromTicks(1));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));
        Assert.False(stopping.IsCompleted);

        host.Time.Advance(TimeSpan.FromTicks(1));
        await stopping;
        await RefusedAsync(host.Http1);
    }

    [Fact]
    public async Task Without_a_delay_the_host_stops_at_once()
    {
        await using var host = await HealthHost.StartAsync(options => options.PropagationDelay = TimeSpan.Zero);

        await host.App.StopAsync(Cancelled);

        await RefusedAsync(host.Http1);
    }

    [Fact]
    public async Task Http1_responses_close_their_connection_during_the_drain_only()
    {
        await using var host = await HealthHost.StartAsync();
        using (var before = await host.Client1.GetAsync(new Uri("/work", UriKind.Relative), Cancelled))
        {
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        }

        host.Hub.BeginDrain();

        for (var i = 0; i < 3; i++)
        {
            using var during = await host.Client1.GetAsync(new Uri("/work", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, during.StatusCode);
            Assert.True(during.Headers.ConnectionClose);
        }
    }

    [Fact]
    public async Task A_call_that_began_before_the_drain_is_told_too()
    {
        var arrived = NewSignal();
        var release = NewSignal();
        await using var host = await HealthHost.StartAsync(map: endpoints => MapSlow(endpoints, arrived, release.Task));
        var call = host.Client1.GetAsync(new Uri("/slow", UriKind.Relative), Cancelled);
        await arrived.Task.WaitAsync(Cancelled);

        host.Hub.BeginDrain();
        release.SetResult();

        using var response = await call;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Http2_is_told_to_go_away_once_and_streams_on_their_way_are_served_for_a_round_trip()
    {
        await using var host = await HealthHost.StartAsync();
        using var client = await RawHttp2.ConnectAsync(host.Http2, Cancelled);
        await client.GetAsync(1, "/work", Cancelled);
        var before = await client.ReadUntilAsync(frame => frame.EndsStream, Cancelled);
        Assert.DoesNotContain(before, frame => frame.Type == RawHttp2.GoAway);

        host.Hub.BeginDrain();
        await client.GetAsync(3, "/work", Cancelled);
        var told = await client.ReadUntilAsync(frame => frame.Type == RawHttp2.GoAway, Cancelled);
        Assert.Equal(int.MaxValue, told[^1].LastStream);
        Assert.DoesNotContain(told, frame => frame.EndsStream);

        // Sent before this client had read the GOAWAY, as far as the server can know: served, and not told again.
        await client.GetAsync(5, "/work", Cancelled);
        var late = await client.ReadUntilAsync(frame => frame.EndsStream, Cancelled);
        Assert.Equal(5, late[^1].Stream);
        Assert.DoesNotContain(late, frame => frame.Type == RawHttp2.GoAway);

        host.Time.Advance(ConnectionDrain.RoundTrip);
        var rest = await client.ReadUntilAsync(_ => false, Cancelled);
        Assert.Contains(rest, frame => frame is { Stream: 3, EndsStream: true });
        Assert.Equal(5, Assert.Single(rest, frame => frame.Type == RawHttp2.GoAway).LastStream);
    }

    [Fact]
    public async Task Http2_calls_that_began_before_the_drain_are_told_as_their_response_starts()
    {
        var arrived = NewSignal();
        var release = NewSignal();
        await using var host = await HealthHost.StartAsync(map: endpoints => MapSlow(endpoints, arrived, release.Task));
        using var client = await RawHttp2.ConnectAsync(host.Http2, Cancelled);
        await client.GetAsync(1, "/slow", Cancelled);
        await arrived.Task.WaitAsync(Cancelled);

        host.Hub.BeginDrain();
        release.SetResult();
        var told = await client.ReadUntilAsync(frame => frame.Type == RawHttp2.GoAway, Cancelled);
        Assert.Equal(int.MaxValue, told[^1].LastStream);

        host.Time.Advance(ConnectionDrain.RoundTrip);
        Assert.Contains(await client.ReadUntilAsync(_ => false, Cancelled), frame => frame is { Stream: 1, EndsStream: true });
    }

    [Fact]
    public async Task Probes_keep_their_connection_through_the_drain()
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.BeginDrain();
        using var client = await RawHttp2.ConnectAsync(host.Http2, Cancelled);

        await client.GetAsync(1, "/readyz", Cancelled);

        Assert.DoesNotContain(await client.ReadUntilAsync(frame => frame.EndsStream, Cancelled), frame => frame.Type == RawHttp2.GoAway);
        using var probe = await host.Client1.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled);
        Assert.NotEqual(true, probe.Headers.ConnectionClose);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_call_is_lost_under_load(bool bySignal)
    {
        var arrived = NewSignal();
        var release = NewSignal();
        await using var host = await HealthHost.StartAsync(
            options => options.PropagationDelay = TimeSpan.FromHours(1),
            endpoints => MapSlow(endpoints, arrived, release.Task),
            services => services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromHours(2)));
        using var load = new Load(host);
        await load.ServesAsync(300);

        // A prober as a balancer has one, on connections of its own; what it sees is what stops the load.
        var stopping = Stop(host, bySignal);
        await Eventually.IsTrueAsync(async () =>
        {
            using var fresh = HealthHost.NewClient(host.Http1, HttpVersion.Version11);
            return await host.GetAsync("/readyz", fresh) == HttpStatusCode.ServiceUnavailable;
        });
        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync());

        // The load goes on, over old connections and new ones, for as long as the balancer needs.
        await load.ServesAsync(2000);
        using var slow = HealthHost.NewClient(host.Http1, HttpVersion.Version11);
        var inFlight = slow.GetAsync(new Uri("/slow", UriKind.Relative), Cancelled);
        await arrived.Task.WaitAsync(Cancelled);
        await load.StopAsync();
        Assert.False(stopping.IsCompleted);

        // Only now the listeners close, while one call is still running.
        host.Time.Advance(TimeSpan.FromHours(1));
        await RefusedAsync(host.Http1);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        using var last = await inFlight;

        await stopping;
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Empty(load.Lost);
        Assert.True(load.Served >= 2300, $"{load.Served} calls");
        var events = host.App.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Id.Name).ToList();
        Assert.Single(events, "DrainStarted");
        Assert.Single(events, "DrainCompleted");
    }

    [Fact]
    public async Task A_host_out_of_time_stops_without_waiting_for_the_delay()
    {
        await using var host = await HealthHost.StartAsync();
        using var outOfTime = new CancellationTokenSource();
        var stopping = host.App.StopAsync(outOfTime.Token);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));

        await outOfTime.CancelAsync();

        await Task.WhenAny(stopping);
        await RefusedAsync(host.Http1);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void MapSlow(IEndpointRouteBuilder endpoints, TaskCompletionSource arrived, Task release) =>
        endpoints.MapGet("/slow", async (HttpContext context) =>
        {
            arrived.TrySetResult();
            await release;
            await context.Response.WriteAsync("done");
        }).AllowPublic("test").OnListeners(ListenerRoles.Probe);

    private static Task Stop(HealthHost host, bool bySignal)
    {
        if (!bySignal)
        {
            return host.App.StopAsync(Cancelled);
        }

        // What the console lifetime does on SIGTERM.
        var stopped = host.App.WaitForShutdownAsync(Cancelled);
        host.App.Lifetime.StopApplication();
        return stopped;
    }

    private static Task RefusedAsync(Uri address) => Eventually.IsTrueAsync(async () =>
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(address.Host, address.Port, Cancelled);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
    });

    /// <summary>Callers of both protocols: pooled connections, fresh connections, bodies, and gRPC.</summary>
    private sealed class Load : IDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Exception> _lost = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _callers;
        private readonly Task _clock;
        private int _served;

        public Load(HealthHost host)
        {
            _callers = Task.WhenAll(Enumerable.Range(0, 3)
                .SelectMany<int, Func<Task>>(_ => [() => PostAsync(host.Client1), () => PostAsync(host.Client2), () => RpcAsync(host.Channel)])
                .Append(() => OnceAsync(host.Http1, HttpVersion.Version11))
                .Append(() => OnceAsync(host.Http2, HttpVersion.Version20))
                .Select(call => Task.Run(() => RepeatAsync(call))));
            _clock = PassTimeAsync(host);
        }

        public int Served => Volatile.Read(ref _served);

        public IReadOnlyCollection<Exception> Lost => _lost;

        public Task ServesAsync(int more)
        {
            var target = Served + more;
            return Eventually.IsTrueAsync(() => Served >= target || !_lost.IsEmpty);
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _callers.WaitAsync(Cancelled);
            await _clock;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        private static async Task OnceAsync(Uri address, Version version)
        {
            using var client = HealthHost.NewClient(address, version);
            await PostAsync(client);
        }

        private static async Task RpcAsync(GrpcChannel channel)
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(HealthHost.Rpc, host: null, new CallOptions(cancellationToken: Cancelled), [1, 2, 3]);
            Assert.Equal([1, 2, 3], await call.ResponseAsync);
        }

        private static async Task PostAsync(HttpClient client)
        {
            using var content = new StringContent("0123456789");
            using var response = await client.PostAsync(new Uri("/work", UriKind.Relative), content, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("done 10", await response.Content.ReadAsStringAsync(Cancelled));
        }

        /// <summary>The round trip that a GOAWAY is given passes on the test's clock.</summary>
        private Task PassTimeAsync(HealthHost host) => Eventually.IsTrueAsync(() =>
        {
            host.Time.Advance(ConnectionDrain.RoundTrip / 4);
            return _callers.IsCompleted;
        });

        private async Task RepeatAsync(Func<Task> call)
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    await call();
                    Interlocked.Increment(ref _served);
                }
                catch (Exception exception)
                {
                    _lost.Enqueue(exception);
                }
            }
        }
    }
}
