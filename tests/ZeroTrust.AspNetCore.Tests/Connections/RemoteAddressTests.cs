using System.Net;
using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Tests.Connections;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("0.0.0.1", "0:0:0:1::", false)]
    public void IPv4_is_told_apart_whole_and_IPv6_by_its_64(string one, string other, bool same) =>
        Assert.Equal(same, Of(one) == Of(other));

    [Fact]
    public void What_has_no_address_is_one_address() =>
        Assert.Equal(RemoteAddress.Of(endPoint: null), RemoteAddress.Of(new DnsEndPoint("localhost", 1)));

    private static RemoteAddress Of(string address) => RemoteAddress.Of(new IPEndPoint(IPAddress.Parse(address), 1));
}
