using System.Net;
using ZeroTrust.AspNetCore.Proxies;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("fe80::1", "fe80::1%3", true)]
    [InlineData("0.0.0.0/1", "127.0.0.1", true)]
    public void An_address_is_compared_with_what_is_listed(string listed, string address, bool contained) =>
        Assert.Equal(contained, Read(listed, out _)!.Contains(new IPEndPoint(IPAddress.Parse(address), 1)));

    [Theory]
    [InlineData("")]
    [InlineData("proxy.example")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10.0.0.1:443")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:10.0.0.0/90")]
    public void What_is_no_address_and_no_network_is_refused(string listed)
    {
        Assert.Null(Read(listed, out var fault));
        Assert.StartsWith("ProxyProtocolFrom:0 ", fault, StringComparison.Ordinal);
        Assert.Contains("is not an IP address or a network", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("::ffff:0.0.0.0/96")]
    public void Every_address_is_not_a_proxy(string listed)
    {
        Assert.Null(Read(listed, out var fault));
        Assert.Contains("is every address", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_that_is_no_address_is_not_contained() =>
        Assert.False(Read("::ffff:0.0.0.0/97", out _)!.Contains(new DnsEndPoint("localhost", 1)));

    private static AddressRanges? Read(string listed, out string? fault)
    {
        string? reported = null;
        var ranges = AddressRanges.Read("ProxyProtocolFrom", [listed], (setting, error) => reported = $"{setting} {error}");
        fault = reported;
        return ranges;
    }
}
