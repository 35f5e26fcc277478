using System.Text;
using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>Reads compact JWSs (RFC 7515) and accepts only one spelling of each.</summary>
public static class StrictJws
{
    /// <summary>Parses a compact JWS without verifying it; never throws for its content.</summary>
    /// <param name="compact">The token.</param>
    /// <param name="limits">Sizes; <see cref="JwsLimits.Default"/> when null.</param>
    /// <returns>The parsed token, which proves nothing until <see cref="ParsedJws.Verify"/>; or a <c>jose.*</c> rejection.</returns>
    public static Verdict<ParsedJws> Parse(string compact, JwsLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(compact);
        limits ??= JwsLimits.Default;
        if (compact.Length > limits.MaxLength)
        {
            return JoseRejections.Refuse(JoseRejectionReason.TooLarge, $"The token has {compact.Length} characters, {limits.MaxLength} at most.");
        }

        var first = compact.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : compact.IndexOf('.', first + 1);
        if (first <= 0 || second < 0 || second == compact.Length - 1 || compact.IndexOf('.', second + 1) >= 0)
        {
            return JoseRejections.Refuse(
                JoseRejectionReason.PartCount, $"The token is not header, payload and signature: {DescribeParts(compact)}.");
        }

        if (first > limits.MaxHeaderLength)
        {
            return JoseRejections.Refuse(JoseRejectionReason.TooLarge, $"The header has {first} characters, {limits.MaxHeaderLength} at most.");
        }

        if (!CanonicalBase64Url.TryDecode(compact.AsSpan(0, first), out var header))
        {
            return NotCanonical("header", compact.AsSpan(0, first));
        }

        if (!CanonicalBase64Url.TryDecode(compact.AsSpan(first + 1, second - first - 1), out var payload))
        {
            return NotCanonical("payload", compact.AsSpan(first + 1, second - first - 1));
        }

        if (!CanonicalBase64Url.TryDecode(compact.AsSpan(second + 1), out var signature))
        {
            return NotCanonical("signature", compact.AsSpan(second + 1));
        }

        return JwsHeader.Parse(header).TryGet(out var parsed, out var rejection)
            ? new ParsedJws(parsed, payload, Encoding.ASCII.GetBytes(compact, 0, second), signature)
            : rejection;
    }

    private static string DescribeParts(string compact)
    {
        var parts = compact.AsSpan().Count('.') + 1;
        return parts != 3 ? $"it has {parts} parts, three wanted"
            : compact[0] == '.' ? "the header is empty"
            : "the signature is empty";
    }

    private static Rejection NotCanonical(string part, ReadOnlySpan<char> text) => JoseRejections.Refuse(
        JoseRejectionReason.EncodingInvalid, $"The {part} is not canonical base64url without padding: {CanonicalBase64Url.FindFault(text)}.");
}
