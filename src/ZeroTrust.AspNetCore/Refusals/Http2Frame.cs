using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>The header of one frame (RFC 9113 section 4.1).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Http2Frame(int Length, Http2FrameType Type, byte Flags, int Stream)
{
    public const int HeaderLength = 9;

    /// <summary>The longest payload of a frame to a server that has not asked for more (RFC 9113 section 4.2).</summary>
    public const int MaxLength = 16_384;

    public const byte EndStream = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte WithPriority = 0x20;
    public const byte Acknowledged = 0x1;

    /// <summary>How far a window of flow control is open at first (RFC 9113 section 6.9.2).</summary>
    public const int FirstWindow = 65_535;

    // RFC 9113 section 6.5.2; RFC 8441 section 3.
    public const ushort EnablePush = 2;
    public const ushort MaxConcurrentStreams = 3;
    public const ushort InitialWindowSize = 4;
    public const ushort MaxFrameSize = 5;
    public const ushort EnableConnectProtocol = 8;
    public const int SettingLength = 6;

    public bool IsAcknowledgement => (Flags & Acknowledged) != 0;

    public bool EndsStream => (Flags & EndStream) != 0;

    public bool EndsHeaders => (Flags & EndHeaders) != 0;

    public bool IsPadded => (Flags & Padded) != 0;

    public bool HasPriority => (Flags & WithPriority) != 0;

    public static Http2Frame Read(ReadOnlySpan<byte> header) => new(
        (int)(BinaryPrimitives.ReadUInt32BigEndian(header) >> 8),
        (Http2FrameType)header[3],
        header[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(header[5..]) & int.MaxValue));
}
