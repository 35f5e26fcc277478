using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using System.Text;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>Headers of the PROXY protocol as proxies write them.</summary>
internal static class ProxyHeaders
{
    public const byte Local = 0x20;
    public const byte Proxy = 0x21;
    public const byte Tcp4 = 0x11;
    public const byte Tcp6 = 0x21;

    public static byte[] Text(string line) => Encoding.Latin1.GetBytes(line);

    public static byte[] Client(string address, int port = 40000) => Text($"PROXY TCP4 {address} 192.0.2.1 {port} 443\r\n");

    public static byte[] Binary(byte command, byte family, byte[] rest, int? length = null)
    {
        var header = new byte[16 + rest.Length];
        "\r\n\r\n\0\r\nQUIT\n"u8.CopyTo(header);
        header[12] = command;
        header[13] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(length ?? rest.Length));
        rest.CopyTo(header, 16);
        return header;
    }

    public static byte[] Ends(string source, string destination, ushort sourcePort = 40000, ushort destinationPort = 443)
    {
        byte[] ends = [.. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(), 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(ends.AsSpan(ends.Length - 4), sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(ends.AsSpan(ends.Length - 2), destinationPort);
        return ends;
    }

    public static byte[] Value(byte type, byte[] value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>A header with the checksum of its bytes as its last value.</summary>
    public static byte[] WithChecksum(byte[] ends)
    {
        var header = Binary(Proxy, Tcp4, [.. ends, .. Value(0x03, new byte[4])]);
        var crc = uint.MaxValue;
        foreach (var part in header)
        {
            crc = BitOperations.Crc32C(crc, part);
        }

        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(header.Length - 4), ~crc);
        return header;
    }
}
