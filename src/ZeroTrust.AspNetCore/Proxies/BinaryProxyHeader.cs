using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Version 2 of the PROXY protocol: binary (section 2.2).</summary>
/// <remarks>
/// Of the additional values (TLV) the checksum is compared and the others are skipped: what a proxy says of TLS is believed nowhere.
/// </remarks>
internal static class BinaryProxyHeader
{
    /// <summary>Signature, version and command, family, length.</summary>
    public const int FixedLength = 16;

    /// <summary>The most that may follow: addresses and additional values.</summary>
    public const int MaxRest = 4096;

    private const int Version2 = 2;
    private const int Local = 0;
    private const int Proxy = 1;
    private const byte Unspecified = 0x00;
    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;
    private const int ValueHeaderLength = 3;
    private const byte Checksum = 0x03;
    private const int ChecksumLength = 4;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Verdict<ProxyHeader> verdict)
    {
        verdict = default;
        if (bytes.Length < FixedLength)
        {
            return false;
        }

        var rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[(FixedLength - 2)..]);
        if (rest > MaxRest)
        {
            verdict = Malformed($"more than {MaxRest} bytes follow its first {FixedLength}.");
            return true;
        }

        if (bytes.Length < FixedLength + rest)
        {
            return false;
        }

        verdict = Read(bytes[..(FixedLength + rest)]);
        return true;
    }

    private static Verdict<ProxyHeader> Read(ReadOnlySpan<byte> header)
    {
        var (version, command, family) = (header[Signature.Length] >> 4, header[Signature.Length] & 0xF, header[Signature.Length + 1]);
        if (version != Version2 || command is not (Local or Proxy))
        {
            return Malformed("its version is not 2, or its command neither LOCAL nor PROXY.");
        }

        if (command == Local)
        {
            // Of the proxy itself, as to look whether this service lives; its family is to be ignored.
            return ProxyHeader.WithoutEnds(header.Length);
        }

        var length = family switch
        {
            Unspecified => 0,
            Tcp4 => IPv4Length,
            Tcp6 => IPv6Length,
            _ => -1,
        };
        if (length < 0)
        {
            return Malformed("its family and protocol are not TCP over IPv4 or IPv6.");
        }

        var ends = length == 0 ? 0 : 2 * (length + sizeof(ushort));
        if (header.Length < FixedLength + ends)
        {
            return Malformed("it is too short for the addresses of its family.");
        }

        if (family != Unspecified && FaultOfValues(header, FixedLength + ends) is { } fault)
        {
            return Malformed(fault);
        }

        var addresses = header.Slice(FixedLength, ends);
        return length == 0
            ? ProxyHeader.WithoutEnds(header.Length)
            : new ProxyHeader(header.Length, EndOf(addresses, 0, length), EndOf(addresses, 1, length));
    }

    private static IPEndPoint EndOf(ReadOnlySpan<byte> addresses, int index, int length) => new(
        new IPAddress(addresses.Slice(index * length, length)),
        BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * length) + (index * sizeof(ushort)))..]));

    private static string? FaultOfValues(ReadOnlySpan<byte> header, int start)
    {
        var at = start;
        while (at < header.Length)
        {
            if (header.Length - at < ValueHeaderLength)
            {
                return "an additional value is cut off.";
            }

            var (type, length) = (header[at], BinaryPrimitives.ReadUInt16BigEndian(header[(at + 1)..]));
            var value = at + ValueHeaderLength;
            if (header.Length - value < length)
            {
                return "an additional value is longer than the header.";
            }

            if (type == Checksum && !IsChecksum(header, value, length))
            {
                return "its checksum is not that of its bytes.";
            }

            at = value + length;
        }

        return null;
    }

    // Section 2.2.3: CRC-32C over the whole header, with zeros in place of the checksum itself.
    private static bool IsChecksum(ReadOnlySpan<byte> header, int at, int length)
    {
        if (length != ChecksumLength)
        {
            return false;
        }

        var crc = uint.MaxValue;
        for (var i = 0; i < header.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i >= at && i < at + ChecksumLength ? (byte)0 : header[i]);
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(header[at..]);
    }

    private static Rejection Malformed(string detail) => AspNetCoreRejections.Refuse(
        AspNetCoreRejectionReason.ProxyHeaderMalformed, "The header of the PROXY protocol, version 2, cannot be read: " + detail);
}
