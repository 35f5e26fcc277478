namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Tells what a connection begins with by the bytes that are here.</summary>
internal static class FirstBytesReader
{
    // RFC 8446 section 5.1: change_cipher_spec, alert, handshake, application_data.
    private const byte FirstRecordType = 20;
    private const byte LastRecordType = 23;

    private const int LongestMethod = 8;

    /// <param name="bytes">At least one byte.</param>
    public static FirstBytes Tell(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [ClientHello.HandshakeType, 3, ..] when bytes.Length >= ClientHello.HeaderLength => FirstBytes.ClientHello,
        [>= FirstRecordType and <= LastRecordType, ..] => FirstBytes.OtherRecord,
        [>= 0x80, _, 1, ..] => FirstBytes.Ssl2Hello,
        _ when StartsWith(bytes, "PRI * HTTP/2"u8) => FirstBytes.PlainHttp2,
        _ when StartsWith(bytes, "PROXY "u8) || StartsWith(bytes, "\r\n\r\n\0\r\nQUIT\n"u8) => FirstBytes.ProxyHeader,
        _ when IsRequestLine(bytes) => FirstBytes.PlainHttp,
        _ => FirstBytes.Other,
    };

    private static bool StartsWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> what) => bytes.StartsWith(what);

    // A method in capitals, a space, and a path or an address.
    private static bool IsRequestLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes[..Math.Min(bytes.Length, LongestMethod + 1)].IndexOf((byte)' ');
        return end > 0 && bytes[..end].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0;
    }
}
