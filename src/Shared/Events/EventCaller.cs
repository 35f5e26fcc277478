using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.Shared;

/// <summary>
/// The party an event is about: a proved workload, else the address it came from. IPv4 counts whole, IPv6 by its /64, which one host has to
/// itself.
/// </summary>
internal readonly record struct EventCaller
{
    private const int NetworkBits = 64;

    private readonly UInt128 _address;
    private readonly string? _workload;
    private readonly AddressFamily _family;

    private EventCaller(string? workload, AddressFamily family, UInt128 address)
    {
        _workload = workload;
        _family = family;
        _address = address;
    }

    /// <summary>Whether the party is proved, and not just where it says it is.</summary>
    public bool IsProved => _workload is not null;

    /// <param name="workload">The proved workload; null where nothing is proved.</param>
    /// <param name="remote">Where the connection came from, never what a header says; null where that is not known.</param>
    public static EventCaller Of(string? workload, EndPoint? remote) => Of(workload, (remote as IPEndPoint)?.Address);

    /// <param name="workload">The proved workload; null where nothing is proved.</param>
    /// <param name="address">The address alone.</param>
    public static EventCaller Of(string? workload, IPAddress? address)
    {
        if (workload is not null || address is null)
        {
            return new EventCaller(workload, AddressFamily.Unspecified, 0);
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
        {
            return default;
        }

        // A dual-stack socket shows IPv4 as ::ffff:a.b.c.d, all of them in one /64.
        return length == 4 || address.IsIPv4MappedToIPv6
            ? new EventCaller(workload: null, AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]))
            : new EventCaller(workload: null, AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt128BigEndian(bytes) >> NetworkBits << NetworkBits);
    }

    /// <summary>For the log.</summary>
    public override string ToString()
    {
        if (_workload is not null)
        {
            return _workload;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return _family switch
        {
            AddressFamily.InterNetwork => new IPAddress(bytes[12..]).ToString(),
            AddressFamily.InterNetworkV6 => string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{NetworkBits}"),
            _ => "an unknown address",
        };
    }
}
