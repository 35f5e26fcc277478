using Grpc.Core;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A stream ends with its context, whatever its method does.</summary>
public sealed class StreamLifetimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private LedgerFixture _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerFixture.StartAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_stream_that_ends_in_time_ends_well()
    {
        using var call = Watch("once");
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal("HTTP/2", call.ResponseStream.Current.Text);
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("swallows")]
    [InlineData("writes")]
    public async Task A_server_stream_ends_with_its_context(string method)
    {
        using var call = Watch(method);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        _ledger.Host.Clock.Advance(Lifetime);

        Assert.Equal((StatusCode.Unauthenticated, "authz.expired"), await EndOfAsync(call.ResponseStream));
    }

    [Fact]
    public async Task A_client_stream_ends_with_its_context()
    {
        using var call = _ledger.Client.Collect(Metadata(), cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new Entry(), TestContext.Current.CancellationToken);
        await _ledger.Probe.Received.Task.WaitAsync(TestContext.Current.CancellationToken);

        _ledger.Host.Clock.Advance(Lifetime);

        Assert.Equal((StatusCode.Unauthenticated, "authz.expired"), await LedgerFixture.RefusedAsync(() => call.ResponseAsync));
    }

    [Fact]
    public async Task A_client_stream_that_completes_in_time_is_answered()
    {
        using var call = _ledger.Client.Collect(Metadata(), cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new Entry(), TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("1", (await call.ResponseAsync).Text);
    }

    [Fact]
    public async Task A_duplex_stream_lasts_as_long_as_its_context()
    {
        using var call = _ledger.Client.Exchange(Metadata(), cancellationToken: TestContext.Current.CancellationToken);
        await EchoAsync(call);
        _ledger.Host.Clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        await EchoAsync(call);

        _ledger.Host.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((StatusCode.Unauthenticated, "authz.expired"), await EndOfAsync(call.ResponseStream));
    }

    [Fact]
    public async Task A_method_that_ignores_the_end_of_its_context_is_cut_off()
    {
        using var call = Watch("stubborn");
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        _ledger.Host.Clock.Advance(Lifetime + Grace);

        await LedgerFixture.RefusedAsync(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    private AsyncServerStreamingCall<Entry> Watch(string method) =>
        _ledger.Client.Watch(new Entry { Text = method }, Metadata(), cancellationToken: TestContext.Current.CancellationToken);

    private Metadata Metadata() => LedgerFixture.Carry(_ledger.Gateway.Send());

    private static Task<(StatusCode Status, string? Code)> EndOfAsync(IAsyncStreamReader<Entry> stream) =>
        LedgerFixture.RefusedAsync(async () => Assert.False(await stream.MoveNext(TestContext.Current.CancellationToken)));

    private static async Task EchoAsync(AsyncDuplexStreamingCall<Entry, Entry> call)
    {
        await call.RequestStream.WriteAsync(new Entry { Text = "echo" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal("echo", call.ResponseStream.Current.Text);
    }
}
