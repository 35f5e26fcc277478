using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Reads the header of the PROXY protocol, version 1 or 2 (<c>proxy-protocol.txt</c> of haproxy, section 2).</summary>
internal static class ProxyHeaderReader
{
    /// <summary>The most that a header of either version may have.</summary>
    public const int MaxLength = BinaryProxyHeader.FixedLength + BinaryProxyHeader.MaxRest;

    /// <param name="bytes">What came so far, at least one byte.</param>
    /// <param name="verdict">The header, or why there is none.</param>
    /// <returns>Whether the bytes are enough to say; false asks for more.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Verdict<ProxyHeader> verdict)
    {
        if (Begins(bytes, TextProxyHeader.Signature))
        {
            return TextProxyHeader.TryRead(bytes, out verdict);
        }

        if (Begins(bytes, BinaryProxyHeader.Signature))
        {
            return BinaryProxyHeader.TryRead(bytes, out verdict);
        }

        verdict = AspNetCoreRejections.Refuse(
            AspNetCoreRejectionReason.ProxyHeaderMissing,
            "The connection comes from an address in ProxyProtocolFrom and does not begin with a header of the PROXY protocol.");
        return true;
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        bytes.Length < signature.Length ? signature.StartsWith(bytes) : bytes.StartsWith(signature);
}
