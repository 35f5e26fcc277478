using System.Buffers;
using System.Buffers.Text;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>
/// Reads <c>Client-Cert</c> and <c>Client-Cert-Chain</c>: byte sequences of Structured Fields (RFC 8941, sections 3.1 and 3.3.5; RFC 9651
/// alike).
/// </summary>
/// <remarks>
/// Base64 may come without its padding and with pad bits that are not zero, as section 4.2.7 asks of readers. A byte sequence is not empty,
/// and there are no parameters, since RFC 9440 defines none.
/// </remarks>
internal static class CertificateField
{
    private const int GroupLength = 4;
    private const char Pad = '=';
    private const string EmptySequence = "::";

    private static readonly SearchValues<char> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>Reads the certificates of one client.</summary>
    /// <param name="leaf">The lines of <c>Client-Cert</c>; exactly one is accepted.</param>
    /// <param name="chain">The lines of <c>Client-Cert-Chain</c>, which are one list.</param>
    /// <param name="isJoined">Whether a byte sequence of the chain may hold several certificates.</param>
    public static Verdict<PeerCertificates> Read(StringValues leaf, StringValues chain, bool isJoined = false)
    {
        if (leaf.Count != 1)
        {
            return Malformed(leaf.Count == 0 ? "Client-Cert-Chain was sent without Client-Cert." : "Client-Cert was sent more than once.");
        }

        var rest = leaf.ToString().AsSpan().Trim(' ');
        if (!TryReadBytes(ref rest, out var certificate))
        {
            return Malformed("Client-Cert is not one byte sequence.");
        }

        if (rest.Length > 0)
        {
            return Malformed(
                rest[0] switch
                {
                    ';' => "Client-Cert has parameters, and RFC 9440 defines none.",
                    ',' => "Client-Cert is a list; it holds one certificate, and the others belong into Client-Cert-Chain.",
                    _ => "Client-Cert is not one byte sequence.",
                });
        }

        var text = chain.ToString();
        if (text.AsSpan().Trim(' ') is EmptySequence)
        {
            return AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.ForwardedChainEmpty,
                "Client-Cert-Chain holds no certificate. After a resumed TLS session a proxy has the client's leaf alone: let it resume "
                    + "none, by tickets or by a cache, and send the header where there is a chain.");
        }

        if (!TryReadList(text, out var members))
        {
            return Malformed("Client-Cert-Chain is not a list of byte sequences.");
        }

        if (isJoined)
        {
            return PeerCertificates.Create(
                certificate, members.SelectMany(static member => JoinedCertificates.Split(member, PeerCertificates.MaxIntermediates + 1)));
        }

        return members.Exists(static member => JoinedCertificates.IsJoined(member.Span))
            ? Malformed(
                "A byte sequence of Client-Cert-Chain holds more than one certificate. RFC 9440 wants one in each; of a proxy that cannot "
                    + "do it they are read with Rfc9440JoinedChain as ForwardedCertificate of the listener.")
            : PeerCertificates.Create(certificate, members);
    }

    /// <summary>RFC 8941, section 4.2.1. Reads one member more than is allowed, which is enough to be refused as too large.</summary>
    private static bool TryReadList(ReadOnlySpan<char> text, out List<ReadOnlyMemory<byte>> members)
    {
        members = [];
        var rest = text.Trim(' ');
        while (rest.Length > 0 && members.Count <= PeerCertificates.MaxIntermediates)
        {
            if (!TryReadBytes(ref rest, out var member))
            {
                return false;
            }

            members.Add(member);
            rest = rest.TrimStart(" \t");
            if (rest.Length == 0)
            {
                return true;
            }

            if (rest[0] != ',')
            {
                return false;
            }

            rest = rest[1..].TrimStart(" \t");
            if (rest.Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadBytes(ref ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length == 0 || text[0] != ':')
        {
            return false;
        }

        var end = text[1..].IndexOf(':');
        if (end <= 0 || !TryDecode(text.Slice(1, end), out bytes))
        {
            return false;
        }

        text = text[(end + 2)..];
        return true;
    }

    /// <summary>RFC 8941, section 4.2.7: the padding is whole, or it is absent.</summary>
    private static bool TryDecode(ReadOnlySpan<char> encoded, out byte[] bytes)
    {
        bytes = [];
        var data = encoded.TrimEnd(Pad);
        var missing = (GroupLength - (data.Length % GroupLength)) % GroupLength;

        // The platform's decoder would skip white space.
        if (data.Length == 0 || missing == GroupLength - 1 || data.ContainsAnyExcept(Base64Characters))
        {
            return false;
        }

        var padding = encoded.Length - data.Length;
        if (padding > 0 && padding != missing)
        {
            return false;
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(data.Length + missing)];
        var whole = padding == missing ? encoded : string.Concat(data, new string(Pad, missing));
        if (!Convert.TryFromBase64Chars(whole, decoded, out var length))
        {
            return false;
        }

        bytes = decoded[..length];
        return true;
    }

    private static Rejection Malformed(string detail) =>
        AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.ForwardedCertificateMalformed, detail);
}
