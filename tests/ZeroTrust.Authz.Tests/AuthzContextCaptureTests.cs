using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ZeroTrust.Authz.Tests;

/// <summary>Work that outlives a request: what it sees by itself, and what it sees when the context was taken along.</summary>
public sealed class AuthzContextCaptureTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;

    public AuthzContextCaptureTests() => _gateway = _mesh.Run(_mesh.Gateway);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IAuthzContextAccessor Accessor => _gateway.Accessor;

    public void Dispose()
    {
        _gateway.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void An_expired_context_is_not_entered()
    {
        var context = Mint("acme");
        var capture = Accessor.Capture(context);

        _mesh.Time.Advance(TimeSpan.FromSeconds(124));
        using (Accessor.Enter(context))
        using (capture.Enter())
        {
            Assert.Same(context, Accessor.Current);
        }

        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("authz.expired", Assert.Throws<RejectionException>(() => Accessor.Enter(context)).Rejection.Code);
        Assert.Equal("authz.expired", Assert.Throws<RejectionException>(() => capture.Enter()).Rejection.Code);
        Assert.Null(Accessor.Current);
    }

    [Fact]
    public void Only_a_current_context_is_captured()
    {
        Assert.Throws<InvalidOperationException>(() => Accessor.Capture());

        var context = Mint("acme");
        using (Accessor.Enter(context))
        {
            Assert.Same(context, Accessor.Capture().Context);
        }

        Assert.Throws<InvalidOperationException>(() => Accessor.Capture());
    }

    [Fact]
    public async Task After_its_request_a_context_cannot_be_captured_any_more()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<AuthzContextCapture> late;
        using (Accessor.Enter(Mint("acme")))
        {
            late = LateAsync();
        }

        ended.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => late);

        async Task<AuthzContextCapture> LateAsync()
        {
            await ended.Task;
            return Accessor.Capture();
        }
    }

    [Fact]
    public async Task What_an_iterator_enters_lasts_to_its_first_item_only()
    {
        var (acme, globex) = (Mint("acme"), Mint("globex"));
        var seen = new List<AuthzContext?>();
        using (Accessor.Enter(globex))
        {
            await foreach (var context in EnteringAsync())
            {
                seen.Add(context);
                Assert.Same(globex, Accessor.Current);
            }

            Assert.Same(globex, Accessor.Current);
        }

        // The hazard that WithContext is for: from the second item on, the iterator runs as its consumer.
        Assert.Equal([acme, globex], seen);

        async IAsyncEnumerable<AuthzContext?> EnteringAsync()
        {
            using var scope = Accessor.Enter(acme);
            await Task.Yield();
            yield return Accessor.Current;
            yield return Accessor.Current;
        }
    }

    [Fact]
    public async Task An_iterator_with_a_context_runs_in_it_from_the_first_step_to_the_last()
    {
        var (acme, globex) = (Mint("acme"), Mint("globex"));
        var seen = new List<AuthzContext?>();
        IAsyncEnumerable<AuthzContext?> items;
        using (Accessor.Enter(acme))
        {
            items = ReadAsync(Accessor, seen, Cancelled).WithContext(Accessor.Capture());
        }

        // Its own request has ended, and another one consumes it.
        using (Accessor.Enter(globex))
        {
            await foreach (var item in items.WithCancellation(Cancelled))
            {
                Assert.Same(acme, item);
                Assert.Same(globex, Accessor.Current);
            }

            Assert.Same(globex, Accessor.Current);
        }

        Assert.Equal([acme, acme, acme, acme], seen);
    }

    [Fact]
    public async Task An_iterator_ends_with_its_context_and_cleans_up_in_it()
    {
        var acme = Mint("acme");
        var seen = new List<AuthzContext?>();
        var items = ReadAsync(Accessor, seen, Cancelled).WithContext(Accessor.Capture(acme)).GetAsyncEnumerator(Cancelled);
        Assert.True(await items.MoveNextAsync());

        _mesh.Time.Advance(TimeSpan.FromSeconds(125));
        var exception = await Assert.ThrowsAsync<RejectionException>(async () => await items.MoveNextAsync());
        Assert.Equal("authz.expired", exception.Rejection.Code);
        using (Accessor.Enter(Mint("globex")))
        {
            await items.DisposeAsync();
        }

        Assert.Equal([acme, acme], seen);
    }

    [Fact]
    public async Task An_iterator_that_fails_leaves_its_consumer_alone()
    {
        var globex = Mint("globex");
        using (Accessor.Enter(globex))
        {
            var items = FailAsync().WithContext(Accessor.Capture(Mint("acme"))).GetAsyncEnumerator(Cancelled);
            await Assert.ThrowsAsync<TimeoutException>(async () => await items.MoveNextAsync());
            Assert.Same(globex, Accessor.Current);
            await items.DisposeAsync();
            Assert.Same(globex, Accessor.Current);
        }

        static async IAsyncEnumerable<int> FailAsync()
        {
            await Task.Yield();
            yield return await Task.FromException<int>(new TimeoutException());
        }
    }

    [Fact]
    public async Task What_a_helper_enters_is_lost_to_its_caller()
    {
        await EnterAsync();

        Assert.Null(Accessor.Current);

        async Task EnterAsync()
        {
            await Task.Yield();
            Accessor.Enter(Mint("acme"));
        }
    }

    [Fact]
    public async Task A_loop_that_the_first_request_started_sees_no_context_but_those_taken_along()
    {
        var (acme, globex) = (Mint("acme"), Mint("globex"));
        var channel = Channel.CreateUnbounded<AuthzContextCapture>();
        Task<List<AuthzContext?>> loop;
        using (Accessor.Enter(acme))
        {
            loop = ConsumeAsync();
            await channel.Writer.WriteAsync(Accessor.Capture(), Cancelled);
        }

        using (Accessor.Enter(globex))
        {
            await channel.Writer.WriteAsync(Accessor.Capture(), Cancelled);
        }

        channel.Writer.Complete();
        Assert.Equal([acme, globex], await loop);

        async Task<List<AuthzContext?>> ConsumeAsync()
        {
            var seen = new List<AuthzContext?>();
            while (await channel.Reader.WaitToReadAsync(Cancelled))
            {
                while (channel.Reader.TryRead(out var capture))
                {
                    using (capture.Enter())
                    {
                        await Task.Yield();
                        seen.Add(Accessor.Current);
                    }
                }
            }

            Assert.Throws<InvalidOperationException>(() => Accessor.Current);
            return seen;
        }
    }

    [Fact]
    public async Task A_timer_of_a_request_that_ended_sees_no_context_but_the_one_taken_along()
    {
        var acme = Mint("acme");
        var fired = new TaskCompletionSource<(Exception? ByItself, AuthzContext? Taken)>(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer timer;
        using (Accessor.Enter(acme))
        {
            var capture = Accessor.Capture();
            timer = TimeProvider.System.CreateTimer(
                _ =>
                {
                    var byItself = Record.Exception(() => Accessor.Current);
                    using var scope = capture.Enter();
                    fired.TrySetResult((byItself, Accessor.Current));
                },
                state: null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        var (exception, taken) = await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Same(acme, taken);
        Assert.IsType<InvalidOperationException>(exception);
        await timer.DisposeAsync();
    }

    [Fact]
    public async Task A_flow_that_was_suppressed_sees_none_but_the_one_taken_along()
    {
        var acme = Mint("acme");
        using (Accessor.Enter(acme))
        {
            var capture = Accessor.Capture();
            Task<(AuthzContext?, AuthzContext?)> factory;
            using (ExecutionContext.SuppressFlow())
            {
                // As a cache does that shares the work of several callers.
                factory = Task.Run(() =>
                {
                    var byItself = Accessor.Current;
                    using var scope = capture.Enter();
                    return (byItself, Accessor.Current);
                });
            }

            Assert.Equal((null, acme), await factory);
        }
    }

    [Fact]
    public async Task A_scope_that_ends_in_another_flow_leaves_that_flow_alone()
    {
        var globex = Mint("globex");
        var scope = await Task.Run(() => Accessor.Enter(Mint("acme")), Cancelled);

        using (Accessor.Enter(globex))
        {
            scope.Dispose();
            Assert.Same(globex, Accessor.Current);
        }

        Assert.Null(Accessor.Current);
    }

    private static async IAsyncEnumerable<AuthzContext?> ReadAsync(
        IAuthzContextAccessor accessor, List<AuthzContext?> seen, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                seen.Add(accessor.Current);
                yield return accessor.Current;
            }
        }
        finally
        {
            seen.Add(accessor.Current);
        }
    }

    private AuthzContext Mint(string tenant) =>
        _gateway.Minter.Mint(TenantId.Parse(tenant), TestMesh.Subject, PermissionSet.Empty).GetOrThrow();
}
