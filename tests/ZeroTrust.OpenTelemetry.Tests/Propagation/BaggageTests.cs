using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace ZeroTrust.OpenTelemetry.Tests.Propagation;

/// <summary>Baggage goes to listed destinations only, whichever propagator would send it.</summary>
[Collection<PropagatorCollection>]
public sealed class BaggageTests
{
    [Theory]
    [InlineData("localhost", "localhost", true)]
    [InlineData("LOCALHOST", "localhost", true)]
    [InlineData("127.0.0.1", "localhost", false)]
    [InlineData("*.localhost", "localhost", false)]
    [InlineData(null, "localhost", false)]
    public async Task HttpClient_sends_baggage_to_listed_hosts_only(string? listed, string host, bool expected)
    {
        await using var server = await HeaderServer.StartAsync();
        using var service = await StartAsync(listed);

        await server.CallAsync(host);

        var headers = Assert.Single(server.Calls);
        Assert.True(headers.ContainsKey("traceparent"));
        Assert.Equal(expected, headers.Any(static header => header.Value.Contains("alice", StringComparison.Ordinal)));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("https://orders.shop.svc/", "*.shop.svc", true)]
    [InlineData("https://shop.svc/", "*.shop.svc", false)]
    [InlineData("https://evilshop.svc/", "*.shop.svc", false)]
    [InlineData("https://orders.shop.svc.evil.example/", "*.shop.svc", false)]
    [InlineData("https://evil.example/orders.shop.svc", "orders.shop.svc", false)]
    [InlineData("https://orders.shop.svc@evil.example/", "orders.shop.svc", false)]
    [InlineData("/orders", "orders.shop.svc", false)]
    public async Task OpenTelemetry_sends_baggage_to_listed_hosts_only(string address, string listed, bool expected)
    {
        using var service = await StartAsync(listed);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.RelativeOrAbsolute));

        Inject(request);

        Assert.True(request.Headers.Contains("traceparent"));
        Assert.Equal(expected, request.Headers.Contains("baggage"));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Carrier_without_a_destination_carries_no_baggage()
    {
        using var service = await StartAsync("localhost");
        var message = new Dictionary<string, string>(StringComparer.Ordinal);

        Propagators.DefaultTextMapPropagator.Inject(Context(), message, static (carrier, name, value) => carrier[name] = value);

        Assert.Equal("traceparent", Assert.Single(message).Key);
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Baggage_that_comes_in_is_read()
    {
        using var service = await StartAsync(listed: null);

        var context = Propagators.DefaultTextMapPropagator.Extract(default, "user=alice", static (carrier, name) => name == "baggage" ? [carrier] : []);

        Assert.Equal("alice", context.Baggage.GetBaggage("user"));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Propagator_set_during_the_start_is_limited_too()
    {
        var before = DistributedContextPropagator.Current;
        using var service = await StartAsync(listed: null, new Replacer());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://orders.shop.svc/"));

        Inject(request);

        Assert.False(request.Headers.Contains("baggage"));
        await service.StopAsync(TestContext.Current.CancellationToken);
        DistributedContextPropagator.Current = before;
    }

    [Fact]
    public async Task Stopped_host_leaves_the_propagators_as_they_were()
    {
        var (textMap, context) = (Propagators.DefaultTextMapPropagator, DistributedContextPropagator.Current);
        using var service = await StartAsync(listed: null);
        Assert.NotSame(context, DistributedContextPropagator.Current);

        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.Same(context, DistributedContextPropagator.Current);
        Assert.Equal(textMap.GetType(), Propagators.DefaultTextMapPropagator.GetType());
    }

    [Fact]
    public async Task Host_that_stopped_no_longer_limits_one_that_runs()
    {
        using var first = await StartAsync(listed: null);
        using var second = await StartAsync("orders.shop.svc");
        await first.StopAsync(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("https://orders.shop.svc/"));

        Inject(request);

        Assert.True(request.Headers.Contains("baggage"));
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("orders.*")]
    [InlineData("https://orders.shop.svc")]
    [InlineData("")]
    public void Destination_that_is_no_host_is_refused_with_its_path(string listed)
    {
        var builder = Builder(listed);
        using var host = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<TelemetryExportOptions>>().Value);

        Assert.Contains("ZeroTrust:OpenTelemetry:BaggageDestinations:0: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_listed_while_the_host_runs_is_sent_baggage()
    {
        var builder = Builder(listed: null);
        using var service = builder.Build();
        await service.StartAsync(TestContext.Current.CancellationToken);
        using var before = new HttpRequestMessage(HttpMethod.Get, new Uri("https://orders.shop.svc/"));
        using var after = new HttpRequestMessage(HttpMethod.Get, new Uri("https://orders.shop.svc/"));

        Inject(before);
        builder.Configuration["ZeroTrust:OpenTelemetry:BaggageDestinations:0"] = "orders.shop.svc";
        ((IConfigurationRoot)builder.Configuration).Reload();
        Inject(after);

        Assert.False(before.Headers.Contains("baggage"));
        Assert.True(after.Headers.Contains("baggage"));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private static PropagationContext Context() => new(
        new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded),
        Baggage.Create(new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "alice" }));

    private static void Inject(HttpRequestMessage request) =>
        Propagators.DefaultTextMapPropagator.Inject(Context(), request, static (carrier, name, value) => carrier.Headers.Add(name, value));

    private static HostApplicationBuilder Builder(string? listed)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (listed is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("ZeroTrust:OpenTelemetry:BaggageDestinations:0", listed)]);
        }

        builder.Services.AddZeroTrust().AddRedaction();
        return builder;
    }

    private static async Task<IHost> StartAsync(string? listed, IHostedService? other = null)
    {
        var builder = Builder(listed);
        if (other is not null)
        {
            builder.Services.AddSingleton(other);
        }

        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Sets propagators of its own while the host starts.</summary>
    private sealed class Replacer : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Sdk.SetDefaultTextMapPropagator(new CompositeTextMapPropagator([new TraceContextPropagator(), new BaggagePropagator()]));
            DistributedContextPropagator.Current = DistributedContextPropagator.CreateDefaultPropagator();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Keeps the headers it is called with.</summary>
    private sealed class HeaderServer(WebApplication app, ConcurrentQueue<Dictionary<string, string>> calls) : IAsyncDisposable
    {
        public IReadOnlyCollection<Dictionary<string, string>> Calls => calls;

        public static async Task<HeaderServer> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            ConcurrentQueue<Dictionary<string, string>> calls = new();
            app.Run(context =>
            {
                calls.Enqueue(context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
                return Task.CompletedTask;
            });
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new HeaderServer(app, calls);
        }

        public async Task CallAsync(string host)
        {
            using var activity = new Activity("call").AddBaggage("user", "alice").Start();
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri($"http://{host}:{new Uri(app.Urls.Single()).Port}/"), TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
