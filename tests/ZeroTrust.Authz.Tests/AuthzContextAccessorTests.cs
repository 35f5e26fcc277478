namespace ZeroTrust.Authz.Tests;

public sealed class AuthzContextAccessorTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;

    public AuthzContextAccessorTests() => _gateway = _mesh.Run(_mesh.Gateway);

    private IAuthzContextAccessor Accessor => _gateway.Accessor;

    public void Dispose()
    {
        _gateway.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void Outside_of_any_request_there_is_no_context() => Assert.Null(Accessor.Current);

    [Fact]
    public async Task A_context_follows_the_asynchronous_flow()
    {
        var context = Mint("acme");
        using (Accessor.Enter(context))
        {
            await Task.Yield();
            Assert.Same(context, Accessor.Current);
            Assert.Same(context, await Task.Run(() => Accessor.Current, TestContext.Current.CancellationToken));
        }

        Assert.Null(Accessor.Current);
    }

    [Fact]
    public async Task Work_that_outlives_its_request_is_told_so()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<AuthzContext?> late;
        using (Accessor.Enter(Mint("acme")))
        {
            late = LateAsync();
        }

        ended.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => late);

        async Task<AuthzContext?> LateAsync()
        {
            await ended.Task;
            return Accessor.Current;
        }
    }

    [Fact]
    public void An_inner_scope_gives_way_to_the_outer_one()
    {
        var (outer, inner) = (Mint("acme"), Mint("globex"));
        using (Accessor.Enter(outer))
        {
            using (Accessor.Enter(inner))
            {
                Assert.Same(inner, Accessor.Current);
            }

            Assert.Same(outer, Accessor.Current);
        }
    }

    [Fact]
    public async Task Concurrent_requests_see_their_own_context()
    {
        var contexts = new[] { Mint("acme"), Mint("globex") };
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var first = ServeAsync(contexts[0]);
        var second = ServeAsync(contexts[1]);
        both.SetResult();

        Assert.Same(contexts[0], await first);
        Assert.Same(contexts[1], await second);

        async Task<AuthzContext?> ServeAsync(AuthzContext context)
        {
            using var scope = Accessor.Enter(context);
            await both.Task;
            return Accessor.Current;
        }
    }

    [Fact]
    public void Ending_a_scope_twice_changes_nothing()
    {
        var outer = Mint("acme");
        using (Accessor.Enter(outer))
        {
            var inner = Accessor.Enter(Mint("globex"));
            inner.Dispose();
            using (Accessor.Enter(outer))
            {
                inner.Dispose();
                Assert.Same(outer, Accessor.Current);
            }
        }
    }

    private AuthzContext Mint(string tenant) =>
        _gateway.Minter.Mint(TenantId.Parse(tenant), TestMesh.Subject, PermissionSet.Empty).GetOrThrow();
}
