using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class DenyListTests
{
    private static readonly Certificate Issuer = CertificateForge.Ca("CA").SelfSigned().Certificate;

    [Fact]
    public void The_empty_list_denies_nobody()
    {
        Assert.True(DenyList.Empty.IsEmpty);
        Assert.False(DenyList.Empty.Denies(WorkloadId.Parse("spiffe://example.com/a")));
    }

    [Fact]
    public void A_list_of_anything_is_not_empty()
    {
        Assert.False(new DenyList(serials: [(Issuer, new byte[] { 1 })]).IsEmpty);
        Assert.False(new DenyList(leaves: [new string('a', 64)]).IsEmpty);
        Assert.False(new DenyList(workloads: [WorkloadId.Parse("spiffe://example.com/a")]).IsEmpty);
    }

    [Fact]
    public void A_workload_is_denied_by_its_whole_name()
    {
        var list = new DenyList(workloads: [WorkloadId.Parse("spiffe://example.com/a")]);

        Assert.True(list.Denies(WorkloadId.Parse("spiffe://example.com/a")));
        Assert.False(list.Denies(WorkloadId.Parse("spiffe://example.com/a/b")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00")]
    [InlineData(null)]
    public void What_is_no_hash_denies_nobody_silently(string? hash) => Assert.Throws<ArgumentException>(() => new DenyList(leaves: [hash!]));

    [Fact]
    public void No_workload_is_none_to_deny() => Assert.Throws<ArgumentException>(() => new DenyList(workloads: [default]));
}
