using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

public sealed class ReloadableTests
{
    private readonly ConcurrentQueue<Exception> _failed = new();
    private readonly Reloadable<string> _value;

    public ReloadableTests() => _value = new("one", "test", new WatchEvents { ListenerFailed = (_, exception) => _failed.Enqueue(exception) });

    [Fact]
    public async Task A_listener_that_throws_reaches_neither_the_publisher_nor_another_listener()
    {
        var heard = 0;
        foreach (var throws in new[] { false, true, false })
        {
            _value.Token.RegisterChangeCallback(_ => _ = throws ? throw new InvalidOperationException("mine") : Interlocked.Increment(ref heard), state: null);
        }

        _value.Publish("two");

        Assert.Equal("two", _value.Value);
        await Eventually.TrueAsync(() => Volatile.Read(ref heard) == 2 && _failed.Count == 1, "Not all were notified.");
        Assert.Equal("mine", Assert.Single(_failed).Message);
    }

    [Fact]
    public async Task A_listener_that_blocks_holds_up_neither_the_publisher_nor_another_listener()
    {
        using var gate = new ManualResetEventSlim();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _value.Token.RegisterChangeCallback(_ => heard.TrySetResult(), state: null);
        _value.Token.RegisterChangeCallback(_ => gate.Wait(TestContext.Current.CancellationToken), state: null);

        _value.Publish("two");

        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        gate.Set();
    }

    [Fact]
    public async Task A_subscriber_that_throws_each_time_is_notified_of_every_change()
    {
        using var subscription = ChangeToken.OnChange(() => _value.Token, () => throw new InvalidOperationException(_value.Value));
        for (var i = 1; i <= 3; i++)
        {
            var expected = i;
            _value.Publish("change " + i);
            await Eventually.TrueAsync(() => _failed.Count == expected, "A change was not heard.");
        }
    }

    [Fact]
    public async Task A_token_that_has_fired_notifies_whoever_registers_late()
    {
        var token = _value.Token;
        _value.Publish("two");
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.RegisterChangeCallback(_ => heard.TrySetResult(), state: null);

        Assert.True(token.HasChanged);
        Assert.False(_value.Token.HasChanged);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_listener_that_left_is_not_notified()
    {
        var (left, stayed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _value.Token.RegisterChangeCallback(_ => left++, state: null).Dispose();
        _value.Token.RegisterChangeCallback(_ => stayed.TrySetResult(), state: null);
        _value.Publish("two");

        await stayed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(0, left);
    }
}
