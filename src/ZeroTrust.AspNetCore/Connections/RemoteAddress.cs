using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The network address that a connection is counted against: IPv4 whole, IPv6 by its /64.</summary>
/// <remarks>
/// A /64 is the least that a provider hands to one customer, who then has all of its addresses (RFC 6177). Whatever is neither is one
/// address.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RemoteAddress(AddressFamily Family, ulong Network)
{
    private const int IPv6Length = 16;

    public static RemoteAddress Of(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[IPv6Length];
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.TryWriteBytes(bytes, out var length) && length == IPv6Length
            ? new RemoteAddress(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes))
            : new RemoteAddress(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }
}
