using System.Net;
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Testing;
using static ZeroTrust.AspNetCore.Tests.Proxies.BelievingHost;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>A listed proxy may say the schemes of the web, and addresses that are one address to everybody. The rest is told.</summary>
public sealed class BelievedValuesTests : IDisposable
{
    private const string Direct = "https localhost 127.0.0.1;";

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _proxy;

    public BelievedValuesTests() => _proxy = _mesh.Intermediate.Issue(Proxy);

    public void Dispose()
    {
        _proxy.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData("http", "http")]
    [InlineData("HTTP", "http")]
    [InlineData("HttpS", "https")]
    [InlineData("javascript, http", "http")]
    [InlineData(" http ", "http")]
    public async Task A_scheme_of_the_web_is_believed_and_lower(string proto, string scheme)
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        Assert.Equal($"{scheme} localhost 127.0.0.1;", await AskAsync(http, ("X-Forwarded-Proto", proto)));
        Assert.False(host.Logged("ForwardedHeaderStripped"));
    }

    [Theory]
    [InlineData("javascript")]
    [InlineData("https, javascript")]
    [InlineData("ftp")]
    [InlineData("ws")]
    [InlineData("wss")]
    [InlineData("data")]
    [InlineData("http:")]
    [InlineData("\"http\"")]
    [InlineData("http, ")]
    [InlineData("")]
    public async Task Another_scheme_is_not_believed_and_it_is_told(string proto)
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        Assert.Equal(
            "https localhost 203.0.113.7;", await AskAsync(http, ("X-Forwarded-Proto", proto), ("X-Forwarded-For", "203.0.113.7")));
        var told = await host.WaitForEventAsync("ForwardedHeaderStripped");
        Assert.Equal("x-forwarded-proto", told.GetStructuredStateValue("Headers"));
        Assert.Equal(Proxy, told.GetStructuredStateValue("Peer"));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:8080", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("[2001:db8::7]", "2001:db8::7")]
    [InlineData("[2001:DB8::7]:443", "2001:db8::7")]
    [InlineData("1, 203.0.113.7", "203.0.113.7")]
    public async Task An_address_is_believed_with_or_without_its_port(string forwarded, string address)
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        Assert.Equal($"https localhost {address};", await AskAsync(http, ("X-Forwarded-For", forwarded)));
        Assert.False(host.Logged("ForwardedHeaderStripped"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("203.7")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("203.0.113.7, 1")]
    [InlineData("203.0.113.7, ")]
    [InlineData("1:80")]
    [InlineData("203.0.113.7:99999")]
    [InlineData("203.0.113.7:")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[203.0.113.7]")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("unknown")]
    public async Task What_is_no_address_is_not_believed_and_it_is_told(string forwarded)
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        Assert.Equal(
            "http shop.example 127.0.0.1;",
            await AskAsync(http, ("X-Forwarded-For", forwarded), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "shop.example")));
        var told = await host.WaitForEventAsync("ForwardedHeaderStripped");
        Assert.Equal("x-forwarded-for", told.GetStructuredStateValue("Headers"));
    }

    [Fact]
    public async Task A_host_that_is_not_listed_is_told()
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        Assert.Equal(Direct, await AskAsync(http, ("X-Forwarded-Host", "evil.example")));
        Assert.Equal("x-forwarded-host", (await host.WaitForEventAsync("ForwardedHeaderStripped")).GetStructuredStateValue("Headers"));
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("", false)]
    [InlineData("1", false)]
    [InlineData("192.0.2", false)]
    [InlineData("192.0.2.07", false)]
    [InlineData("192.0.2.7.", false)]
    [InlineData("::ffff:192.0.2.07", false)]
    [InlineData("[2001:db8::7]", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData(" 192.0.2.7", false)]
    public void One_rule_reads_addresses(string text, bool isAddress)
    {
        Assert.Equal(isAddress, WrittenAddress.TryRead(text, out var address));
        Assert.Equal(isAddress ? IPAddress.Parse(text) : IPAddress.None, address);
        Assert.Equal(isAddress, AddressRanges.Read("From", [text], static (_, _) => { }) is not null);
    }
}
