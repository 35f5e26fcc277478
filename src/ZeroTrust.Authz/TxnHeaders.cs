using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>The three header values of a context on the wire. They prove nothing until <see cref="AuthzContextVerifier"/> says so, and belong in no log.</summary>
public sealed class TxnHeaders
{
    /// <summary>The most characters the three values may have together.</summary>
    public const int MaxLength = 8192;

    /// <summary>The most links a chain may have, which is the number of hops after the minter.</summary>
    public const int MaxLinks = 4;

    /// <summary>Takes the three values.</summary>
    /// <param name="token">The value of <c>Txn-Token</c>.</param>
    /// <param name="chain">The value of <c>Txn-Chain</c>.</param>
    /// <param name="certs">The value of <c>Txn-Certs</c>.</param>
    public TxnHeaders(string token, string chain, string certs)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(certs);
        Token = token;
        Chain = chain;
        Certs = certs;
    }

    /// <summary>The root token.</summary>
    public string Token { get; }

    /// <summary>The links, oldest first, joined by <c>~</c>.</summary>
    public string Chain { get; }

    /// <summary>The certificates, joined by <c>~</c>.</summary>
    public string Certs { get; }

    internal long Length => (long)Token.Length + Chain.Length + Certs.Length;

    /// <summary>Takes the values a call carries under each name, in any order of arrival.</summary>
    /// <param name="token">All values of <c>Txn-Token</c>.</param>
    /// <param name="chain">All values of <c>Txn-Chain</c>.</param>
    /// <param name="certs">All values of <c>Txn-Certs</c>.</param>
    /// <returns>The headers; <c>authz.context_missing</c> when there are none at all, <c>authz.header_duplicated</c> when a name has several values, else the code of the one that lacks.</returns>
    public static Verdict<TxnHeaders> FromValues(IReadOnlyList<string?> token, IReadOnlyList<string?> chain, IReadOnlyList<string?> certs)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(certs);
        if (token.Count + chain.Count + certs.Count == 0)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "The call carries none of Txn-Token, Txn-Chain and Txn-Certs.");
        }

        var (name, values) = token.Count > 1 ? (TxnHeaderNames.Token, token)
            : chain.Count > 1 ? (TxnHeaderNames.Chain, chain)
            : (TxnHeaderNames.Certs, certs);
        if (values.Count > 1)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.HeaderDuplicated,
                $"{name}: {values.Count} values, wanted is one. A header sent twice, in any spelling, is several values, and so is one with a comma in it; "
                    + "links and certificates are joined by ~.");
        }

        if (token.Count == 0)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.TokenMalformed, "Txn-Token: it is missing beside the others; all three headers are sent.");
        }

        if (chain.Count == 0)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ChainMissing, "Txn-Chain: it is missing. A root alone is not accepted: its holder appends a link, on the first hop too.");
        }

        return certs.Count == 0
            ? AuthzRejections.Refuse(AuthzRejectionReason.CertificatesMalformed, "Txn-Certs: it is missing; the signers' certificates are sent with every call.")
            : new TxnHeaders(token[0] ?? string.Empty, chain[0] ?? string.Empty, certs[0] ?? string.Empty);
    }

    internal string DescribeLength() =>
        $"Txn-Token, Txn-Chain and Txn-Certs have {Token.Length} + {Chain.Length} + {Certs.Length} = {Length} characters, "
        + $"{MaxLength} at most: {Count(Chain)} links and {Count(Certs)} certificates.";

    private static int Count(string values) => values.Length == 0 ? 0 : values.AsSpan().Count(TxnToken.Separator) + 1;
}
