using System.Net;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests;

public sealed class EventCallerTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::", "0.0.0.0", false)]
    public void One_host_is_one_caller(string one, string other, bool same) =>
        Assert.Equal(same, EventCaller.Of(workload: null, IPAddress.Parse(one)) == EventCaller.Of(workload: null, IPAddress.Parse(other)));

    [Fact]
    public void A_proved_workload_is_one_caller_wherever_it_is()
    {
        Assert.Equal(EventCaller.Of("spiffe://example.test/a", IPAddress.Loopback), EventCaller.Of("spiffe://example.test/a", IPAddress.IPv6Any));
        Assert.NotEqual(EventCaller.Of("spiffe://example.test/a", IPAddress.Loopback), EventCaller.Of("spiffe://example.test/b", IPAddress.Loopback));
        Assert.NotEqual(EventCaller.Of("127.0.0.1", address: null), EventCaller.Of(workload: null, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1::/64")]
    [InlineData(null, "an unknown address")]
    public void It_is_written_as_what_is_counted(string? address, string expected) =>
        Assert.Equal(expected, EventCaller.Of(workload: null, address is null ? null : IPAddress.Parse(address)).ToString());
}
