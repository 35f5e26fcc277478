namespace ZeroTrust.Tests;

public sealed class RejectionDirectionTests
{
    [Theory]
    [InlineData(RejectionKind.Unspecified, RejectionKind.BadGateway)]
    [InlineData(RejectionKind.Unauthenticated, RejectionKind.BadGateway)]
    [InlineData(RejectionKind.Forbidden, RejectionKind.BadGateway)]
    [InlineData(RejectionKind.Malformed, RejectionKind.BadGateway)]
    [InlineData(RejectionKind.Unavailable, RejectionKind.Unavailable)]
    [InlineData(RejectionKind.BadGateway, RejectionKind.BadGateway)]
    public void An_outbound_refusal_is_never_the_callers_fault(RejectionKind kind, RejectionKind outbound)
    {
        var at = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var refusal = new Rejection("test.refused", "detail", kind) { Expected = "billing", Presented = "orders", At = at };

        var marked = refusal.ToOutbound();

        Assert.False(refusal.IsOutbound);
        Assert.True(marked.IsOutbound);
        Assert.Equal(outbound, marked.Kind);
        Assert.Equal(("test.refused", "detail", "billing", "orders", at), (marked.Code, marked.Detail, marked.Expected, marked.Presented, marked.At));
        Assert.Same(marked, marked.ToOutbound());
    }

    [Fact]
    public void The_message_of_an_outbound_refusal_does_not_name_its_code()
    {
        var refusal = new Rejection("test.refused", "detail", RejectionKind.Forbidden);

        Assert.Equal("test.refused", new RejectionException(refusal).Message);
        Assert.DoesNotContain("test", new RejectionException(refusal.ToOutbound()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_outermost_refusal_is_found()
    {
        var inbound = new Rejection("test.inbound", "", RejectionKind.Forbidden);
        var outbound = new Rejection("test.outbound", "", RejectionKind.Forbidden).ToOutbound();

        Assert.Same(outbound, RejectionException.FindIn(new HttpRequestException("wrapped", new RejectionException(outbound))));
        Assert.Same(inbound, RejectionException.FindIn(new RejectionException(inbound, new RejectionException(outbound))));
        Assert.Same(outbound, RejectionException.FindIn(new RejectionException(outbound, new RejectionException(inbound))));
        Assert.Null(RejectionException.FindIn(new InvalidOperationException("other")));
        Assert.Null(RejectionException.FindIn(null));
    }

    [Fact]
    public async Task A_refusal_of_any_of_several_tasks_is_found()
    {
        var outbound = new Rejection("test.outbound", "", RejectionKind.Forbidden).ToOutbound();
        var all = Task.WhenAll(Task.FromException(new InvalidOperationException("first")), Task.FromException(new TimeoutException("x", new RejectionException(outbound))));

        await Assert.ThrowsAsync<InvalidOperationException>(() => all);

        Assert.Same(outbound, RejectionException.FindIn(all.Exception));
        Assert.Same(outbound, RejectionException.FindIn(new InvalidOperationException("wrapped", all.Exception)));
        Assert.Null(RejectionException.FindIn(new AggregateException(new InvalidOperationException("other"))));
    }
}
