using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>A well-formed JWS whose signature nobody has checked yet.</summary>
public sealed class ParsedJws
{
    private readonly byte[] _signingInput;
    private readonly byte[] _signature;

    internal ParsedJws(JwsHeader header, byte[] payload, byte[] signingInput, byte[] signature)
    {
        Header = header;
        UnverifiedPayload = payload;
        _signingInput = signingInput;
        _signature = signature;
    }

    /// <summary>The header, unproved.</summary>
    public JwsHeader Header { get; }

    /// <summary>The payload, unproved: anybody may have written it. Only for choosing the key that then has to verify it.</summary>
    public ReadOnlyMemory<byte> UnverifiedPayload { get; }

    /// <summary>Verifies the signature with one key.</summary>
    /// <param name="key">The key; it fixes the algorithm, and its id, where it has one and the header names one, has to match.</param>
    /// <returns>The proof; or <c>jose.algorithm_mismatch</c>, <c>jose.key_id_mismatch</c> or <c>jose.signature_invalid</c>.</returns>
    public Verdict<VerifiedJws> Verify(JwsKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!string.Equals(Header.Algorithm, key.Algorithm, StringComparison.Ordinal))
        {
            return JoseRejections.Refuse(
                JoseRejectionReason.AlgorithmMismatch, $"alg is {Header.Algorithm}, the key is for {key.Algorithm}.");
        }

        if (key.KeyId is not null && Header.KeyId is not null && !string.Equals(Header.KeyId, key.KeyId, StringComparison.Ordinal))
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyIdMismatch, "kid names another key.");
        }

        return key.IsSignature(_signingInput, _signature)
            ? new VerifiedJws(Header, UnverifiedPayload)
            : JoseRejections.Refuse(JoseRejectionReason.SignatureInvalid, key.DescribeFailure(_signature.Length));
    }
}
