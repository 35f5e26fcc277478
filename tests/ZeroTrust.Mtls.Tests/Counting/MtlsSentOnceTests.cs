using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>What becomes of a call over HTTP/1.1 whose kept connection ends before any answer.</summary>
public sealed class MtlsSentOnceTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _billing;
    private readonly CountingServer _server;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly BoundClient _client;

    public MtlsSentOnceTests()
    {
        var orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _server = new CountingServer(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        _client = new BoundClient(
            _world, new MemoryPeerCredentialSource(orders.ToCredential()), meters: _services.GetRequiredService<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _billing.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    [InlineData("PATCH", false)]
    [InlineData("LOCK", false)]
    public async Task A_call_that_is_not_idempotent_is_sent_once_and_its_message_is_as_before(string method, bool isSynchronous)
    {
        await SendAsync("GET", 0, Cut.None);
        using var request = Request(method, 1, Cut.Fin);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => isSynchronous
            ? Task.FromResult(_client.Send(request))
            : _client.Http.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(HttpRequestError.ResponseEnded, failure.HttpRequestError);
        Assert.Equal(1, _server.ExecutionsOf(1));
        Assert.Equal(1, _server.Connections);
        Assert.Null(request.Content);
        Assert.Contains("\r\nContent-Length: 0\r\n", _server.Heads.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", _server.Heads.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "body")]
    [InlineData("POST", null)]
    [InlineData("PATCH", "body")]
    public async Task A_call_that_waits_for_100_continue_is_sent_once(string method, string? content)
    {
        await SendAsync("GET", 0, Cut.None);
        using var request = Request(method, 1, Cut.Fin);
        request.Content = content is null ? null : new StringContent(content);
        request.Headers.ExpectContinue = true;

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => _client.Http.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(HttpRequestError.ResponseEnded, failure.HttpRequestError);
        Assert.Equal(1, _server.ExecutionsOf(1));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    public async Task An_idempotent_call_is_repeated_and_that_is_told(string method)
    {
        using var counted = new MetricCollector<long>(
            _services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.mtls.calls.repeated");
        using var caller = new Activity("caller").Start();
        var events = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                foreach (var told in span.ParentId == caller.Id ? span.Events : [])
                {
                    events.Enqueue(told.Name);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await SendAsync("GET", 0, Cut.None);

        await SendAsync(method, 1, Cut.Fin);

        Assert.Equal(2, _server.ExecutionsOf(1));
        Assert.Equal("connection", Assert.Single(counted.GetMeasurementSnapshot()).Tags["zerotrust.cause"]);
        Assert.Equal("connection", Assert.Single(_client.Told("CallRepeated")).GetStructuredStateValue("zerotrust.cause"));
        Assert.Equal("zerotrust.mtls.call_repeated", Assert.Single(events));
    }

    [Theory]
    [InlineData("GET", "Fin", false)]
    [InlineData("GET", "Fin", true)]
    [InlineData("GET", "RawFin", false)]
    [InlineData("DELETE", "Fin", false)]
    [InlineData("GET", "Rst", false)]
    public async Task A_call_whose_new_connection_never_answered_is_not_repeated(string method, string cut, bool isSynchronous)
    {
        // Later than the second in which a connection that ends is one that is refused.
        _server.Executing = () => _world.Clock.Advance(TimeSpan.FromSeconds(2));
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), _server.AddressOf(1, Enum.Parse<Cut>(cut), times: 10));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => isSynchronous
            ? Task.FromResult(_client.Send(request))
            : _client.Http.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Null(RejectionException.FindIn(failure));
        Assert.Equal(1, _server.ExecutionsOf(1));

        // The platform connects again and has nothing to write.
        Assert.InRange(_server.Connections, 1, 4);
        Assert.Empty(_client.Told("CallRepeated"));
    }

    [Fact]
    public async Task One_that_is_repeated_on_a_new_connection_is_not_repeated_when_that_never_answers()
    {
        _server.Executing = () => _world.Clock.Advance(TimeSpan.FromSeconds(2));
        await SendAsync("GET", 0, Cut.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.AddressOf(1, Cut.Fin, times: 10));

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.Http.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(2, _server.ExecutionsOf(1));
        Assert.Single(_client.Told("CallRepeated"));
    }

    [Fact]
    public async Task What_a_handler_of_the_application_sends_again_is_sent_again()
    {
        using var invoker = new HttpMessageInvoker(_client.Handler, disposeHandler: false);
        await SendAsync("GET", 0, Cut.None);
        using var request = Request("POST", 1, Cut.Fin);

        await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(request, TestContext.Current.CancellationToken));
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(2, _server.ExecutionsOf(1));
        Assert.Null(request.Content);
        Assert.Empty(_client.Told("CallRepeated"));
    }

    private HttpRequestMessage Request(string method, int call, Cut cut) => new(HttpMethod.Parse(method), _server.AddressOf(call, cut));

    private async Task SendAsync(string method, int call, Cut cut)
    {
        using var request = Request(method, call, cut);
        using var response = await _client.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
