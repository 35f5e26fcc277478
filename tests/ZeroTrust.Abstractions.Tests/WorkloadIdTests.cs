namespace ZeroTrust.Tests;

public sealed class WorkloadIdTests
{
    [Fact]
    public void Spiffe_id_with_a_path_is_a_workload()
    {
        var workload = WorkloadId.Parse("spiffe://example.test/orders");

        Assert.Equal("/orders", workload.SpiffeId?.Path);
        Assert.Null(workload.DnsName);
        Assert.Equal(workload, WorkloadId.FromSpiffeId(SpiffeId.Parse("spiffe://example.test/orders")));
    }

    [Fact]
    public void Trust_domain_alone_is_not_a_workload()
    {
        Assert.False(WorkloadId.TryParse("spiffe://example.test", out _));
        Assert.Throws<ArgumentException>(() => WorkloadId.FromSpiffeId(SpiffeId.Parse("spiffe://example.test")));
        Assert.Throws<ArgumentException>(() => WorkloadId.FromSpiffeId(default));
    }

    [Fact]
    public void Dns_name_is_a_workload()
    {
        var workload = WorkloadId.Parse("dns:orders.internal");

        Assert.Equal("orders.internal", workload.DnsName);
        Assert.Null(workload.SpiffeId);
    }

    [Theory]
    [InlineData("orders.internal")]
    [InlineData("dns:")]
    [InlineData("dns:*.internal")]
    [InlineData("dns:Orders.internal")]
    [InlineData("dns:orders..internal")]
    [InlineData("dns:-orders.internal")]
    [InlineData("dns:orders-.internal")]
    [InlineData("dns:orders.internal.")]
    [InlineData("dns:or_ders")]
    public void Malformed_is_refused(string text) => Assert.False(WorkloadId.TryParse(text, out _));

    [Fact]
    public void Dns_labels_and_names_are_limited()
    {
        Assert.True(WorkloadId.TryParse("dns:" + new string('a', 63), out _));
        Assert.False(WorkloadId.TryParse("dns:" + new string('a', 64), out _));

        var label = new string('a', 49) + ".";
        Assert.True(WorkloadId.TryParse("dns:" + string.Concat(Enumerable.Repeat(label, 5)) + "aaa", out _));
        Assert.False(WorkloadId.TryParse("dns:" + string.Concat(Enumerable.Repeat(label, 5)) + "aaaa", out _));
    }

    [Fact]
    public void Default_names_nothing()
    {
        Assert.True(default(WorkloadId).IsDefault);
        Assert.Null(default(WorkloadId).SpiffeId);
        Assert.Null(default(WorkloadId).DnsName);
    }
}
