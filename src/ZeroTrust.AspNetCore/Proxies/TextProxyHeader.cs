using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Version 1 of the PROXY protocol: one line of text (section 2.1).</summary>
internal static class TextProxyHeader
{
    /// <summary>The longest line there is, its end included.</summary>
    public const int MaxLength = 107;

    private const int Fields = 6;
    private const int LongestPort = 5;

    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Verdict<ProxyHeader> verdict)
    {
        var line = bytes[..Math.Min(bytes.Length, MaxLength)];
        var end = line.IndexOf("\r\n"u8);
        if (end >= 0)
        {
            verdict = Read(Encoding.Latin1.GetString(line[..end]), end + 2);
            return true;
        }

        verdict = Malformed($"its line does not end within {MaxLength} bytes.");
        return bytes.Length >= MaxLength;
    }

    private static Verdict<ProxyHeader> Read(string line, int length)
    {
        var fields = line.Split(' ');
        if (fields[1] == "UNKNOWN")
        {
            // What follows on the line is to be ignored.
            return ProxyHeader.WithoutEnds(length);
        }

        var family = fields[1] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        if (family == AddressFamily.Unspecified)
        {
            return Malformed("its family is not TCP4, TCP6 or UNKNOWN.");
        }

        return fields.Length == Fields
            && TryReadEnd(family, fields[2], fields[4], out var source)
            && TryReadEnd(family, fields[3], fields[5], out var destination)
            ? new ProxyHeader(length, source, destination)
            : Malformed("it does not hold two addresses of its family and two ports.");
    }

    private static bool TryReadEnd(AddressFamily family, string text, string port, out IPEndPoint end)
    {
        end = null!;
        if (!WrittenAddress.TryRead(text, out var address)
            || address.AddressFamily != family
            || port.Length is 0 or > LongestPort
            || (port[0] == '0' && port.Length > 1)
            || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        end = new IPEndPoint(address, number);
        return true;
    }

    private static Rejection Malformed(string detail) => AspNetCoreRejections.Refuse(
        AspNetCoreRejectionReason.ProxyHeaderMalformed, "The header of the PROXY protocol, version 1, cannot be read: " + detail);
}
