using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

public sealed class PeerAllowListTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_listed_workload_passes_and_another_does_not()
    {
        var list = new PeerAllowList(WorkloadId.Parse(World.Orders));

        Check.Accepted(list.Check(Check.Accepted(_world.Verify(options => options.SpiffeId = World.Orders))));
        var rejection = Check.Refused(
            list.Check(Check.Accepted(_world.Verify(options => options.SpiffeId = World.Billing))), MtlsRejectionReason.PeerNotListed);
        Assert.Equal(World.Billing, rejection.Presented);
        Assert.Equal(RejectionKind.Forbidden, rejection.Kind);
    }

    [Fact]
    public void A_peer_that_names_no_workload_does_not_pass()
    {
        var list = new PeerAllowList(WorkloadId.Parse("dns:a.internal"));

        Check.Accepted(list.Check(Check.Accepted(_world.Verify(options => options.DnsNames.Add("a.internal")))));
        Check.Refused(
            list.Check(Check.Accepted(_world.Verify(options =>
            {
                options.DnsNames.Add("a.internal");
                options.DnsNames.Add("b.internal");
            }))),
            MtlsRejectionReason.NoWorkloadId);
    }

    [Fact]
    public void An_empty_list_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => new PeerAllowList());
        Assert.Throws<ArgumentException>(() => new PeerAllowList(default(WorkloadId)));
    }
}
