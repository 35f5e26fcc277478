using ZeroTrust.AspNetCore.Proxies;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

public sealed class ProxyHeaderReaderTests
{
    private static readonly byte[] Ends4 = ProxyHeaders.Ends("203.0.113.7", "192.0.2.1");

    public static TheoryData<string> TextHeaders =>
    [
        "PROXY TCP4 203.0.113.7 192.0.2.1 0 443\r\n",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
        "PROXY TCP6 2001:DB8::7 2001:db8::1 40000 443\r\n",
        "PROXY TCP6 ::ffff:203.0.113.7 ::1 40000 443\r\n",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
    ];

    public static TheoryData<string> MalformedTextHeaders =>
    [
        "PROXY \r\n",
        "PROXY tcp4 203.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY TCP5 203.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY UDP4 203.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 40000\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 40000 443 1\r\n",
        "PROXY TCP4  203.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 40000 443 \r\n",
        "PROXY TCP4 203.0.113 192.0.2.1 40000 443\r\n",
        "PROXY TCP4 203.0.113.007 192.0.2.1 40000 443\r\n",
        "PROXY TCP4 0xcb.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY TCP4 2001:db8::7 192.0.2.1 40000 443\r\n",
        "PROXY TCP6 203.0.113.7 192.0.2.1 40000 443\r\n",
        "PROXY TCP6 fe80::1%1 ::1 40000 443\r\n",
        "PROXY TCP6 [::1] ::1 40000 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 040 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 -1 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 +1 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1  443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 40000 443\n\r\n",
        "PROXY TCP4 203.0.113.7\0 192.0.2.1 40000 443\r\n",
    ];

    public static TheoryData<string, byte[]> MalformedBinaryHeaders => new()
    {
        { "version 1", ProxyHeaders.Binary(0x11, ProxyHeaders.Tcp4, Ends4) },
        { "version 3", ProxyHeaders.Binary(0x31, ProxyHeaders.Tcp4, Ends4) },
        { "unknown command", ProxyHeaders.Binary(0x22, ProxyHeaders.Tcp4, Ends4) },
        { "UDP over IPv4", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x12, Ends4) },
        { "UDP over IPv6", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x22, ProxyHeaders.Ends("::1", "::2")) },
        { "UNIX", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x31, new byte[216]) },
        { "IPv4 without a protocol", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x10, Ends4) },
        { "unknown family", ProxyHeaders.Binary(ProxyHeaders.Proxy, 0x41, Ends4) },
        { "short addresses", ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, Ends4[..^1]) },
        { "addresses of another family", ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp6, Ends4) },
        { "value cut off", ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, 1, 0]) },
        { "value beyond the header", ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, 1, 0, 2, 0]) },
        {
            "wrong checksum",
            ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, .. ProxyHeaders.Value(3, [1, 2, 3, 4])])
        },
        { "short checksum", ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, .. ProxyHeaders.Value(3, [1, 2, 3])]) },
    };

    [Theory]
    [MemberData(nameof(TextHeaders))]
    public void A_line_of_text_is_read_at_its_last_byte_and_what_follows_is_left(string line)
    {
        var bytes = ProxyHeaders.Text(line);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.False(ProxyHeaderReader.TryRead(bytes.AsSpan(0, length), out _));
        }

        var header = Read([.. bytes, 22, 3, 1]);

        Assert.Equal(bytes.Length, header.Length);
        Assert.Equal(System.Net.IPAddress.Parse(line.Split(' ')[2]), header.Source!.Address);
        Assert.Equal(line.Split(' ')[4], header.Source.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(System.Net.IPAddress.Parse(line.Split(' ')[3]), header.Destination!.Address);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n")]
    [InlineData("PROXY UNKNOWN whatever it is\r\n")]
    public void An_unknown_client_is_the_proxy(string line) => Assert.Null(Read(ProxyHeaders.Text(line)).Source);

    [Theory]
    [MemberData(nameof(MalformedTextHeaders))]
    public void A_line_that_is_not_exact_is_refused(string line) => AssertMalformed(ProxyHeaders.Text(line));

    [Fact]
    public void A_line_of_107_bytes_is_read_and_a_longer_one_is_refused_before_its_end()
    {
        var line = "PROXY UNKNOWN ".PadRight(105, 'x');

        Assert.Equal(107, Read(ProxyHeaders.Text(line + "\r\n")).Length);
        AssertMalformed(ProxyHeaders.Text(line + "x\r\n"));
        AssertMalformed(ProxyHeaders.Text(line + "xx"));
        Assert.False(ProxyHeaderReader.TryRead(ProxyHeaders.Text(line + "x"), out _));
    }

    [Fact]
    public void A_binary_header_is_read_at_its_last_byte_and_what_follows_is_left()
    {
        var bytes = ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, .. ProxyHeaders.Value(0x20, [1, 0, 0, 0, 0])]);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.False(ProxyHeaderReader.TryRead(bytes.AsSpan(0, length), out _));
        }

        var header = Read([.. bytes, 22, 3, 1]);

        Assert.Equal(bytes.Length, header.Length);
        Assert.Equal("203.0.113.7:40000", header.Source!.ToString());
        Assert.Equal("192.0.2.1:443", header.Destination!.ToString());
    }

    [Fact]
    public void A_binary_header_of_IPv6_is_read()
    {
        var header = Read(ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp6, ProxyHeaders.Ends("2001:db8::7", "2001:db8::1")));

        Assert.Equal("[2001:db8::7]:40000", header.Source!.ToString());
        Assert.Equal("[2001:db8::1]:443", header.Destination!.ToString());
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x11)]
    [InlineData(0x31)]
    [InlineData(0xFF)]
    public void The_proxys_own_connection_stays_its_own_whatever_its_family(byte family) =>
        Assert.Null(Read(ProxyHeaders.Binary(ProxyHeaders.Local, family, Ends4)).Source);

    [Fact]
    public void A_client_of_no_family_is_the_proxy() => Assert.Null(Read(ProxyHeaders.Binary(ProxyHeaders.Proxy, 0, [])).Source);

    [Theory]
    [MemberData(nameof(MalformedBinaryHeaders))]
    public void A_binary_header_that_is_not_exact_is_refused(string what, byte[] header)
    {
        Assert.NotEmpty(what);
        AssertMalformed(header);
    }

    [Fact]
    public void A_checksum_of_its_bytes_is_accepted_and_any_changed_byte_is_refused()
    {
        var header = ProxyHeaders.WithChecksum(Ends4);
        Assert.Equal("203.0.113.7:40000", Read(header).Source!.ToString());
        for (var i = 16; i < 28; i++)
        {
            var changed = header.ToArray();
            changed[i] ^= 1;
            AssertMalformed(changed);
        }
    }

    [Fact]
    public void A_length_at_the_limit_is_waited_for_and_one_beyond_it_is_refused_at_once()
    {
        var at = ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, Ends4, length: 4096);
        Assert.False(ProxyHeaderReader.TryRead(at, out _));
        AssertMalformed(ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, Ends4, length: 4097));
        AssertMalformed(ProxyHeaders.Binary(ProxyHeaders.Local, 0, [], length: ushort.MaxValue));
    }

    [Theory]
    [InlineData("G")]
    [InlineData("PROXX")]
    [InlineData("proxy TCP4 ")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    [InlineData(" PROXY ")]
    public void What_begins_otherwise_is_no_header(string bytes)
    {
        Assert.True(ProxyHeaderReader.TryRead(ProxyHeaders.Text(bytes), out var verdict));
        Assert.Equal("aspnetcore.proxy_header_missing", verdict.Rejection!.Code);
    }

    [Fact]
    public void A_header_with_any_byte_changed_or_missing_is_decided_or_waited_for()
    {
        byte[][] headers =
        [
            ProxyHeaders.Client("203.0.113.7"),
            ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, [.. Ends4, .. ProxyHeaders.Value(0x20, [1, 0, 0, 0, 0])]),
            ProxyHeaders.WithChecksum(Ends4),
        ];
        foreach (var header in headers)
        {
            for (var at = 0; at < header.Length; at++)
            {
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    var changed = header.ToArray();
                    changed[at] = (byte)value;
                    Assert.True(IsDecidedOrShort(changed));
                    Assert.True(IsDecidedOrShort([.. changed[..at], .. changed[(at + 1)..]]));
                }
            }
        }
    }

    private static bool IsDecidedOrShort(byte[] bytes) =>
        !ProxyHeaderReader.TryRead(bytes, out var verdict) || !verdict.IsAccepted || verdict.Value.Length <= bytes.Length;

    private static ProxyHeader Read(byte[] bytes)
    {
        Assert.True(ProxyHeaderReader.TryRead(bytes, out var verdict));
        return verdict.GetOrThrow();
    }

    private static void AssertMalformed(byte[] bytes)
    {
        Assert.True(ProxyHeaderReader.TryRead(bytes, out var verdict));
        Assert.Equal("aspnetcore.proxy_header_malformed", verdict.Rejection!.Code);
    }
}
