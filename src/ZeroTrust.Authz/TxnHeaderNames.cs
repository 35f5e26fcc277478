namespace ZeroTrust.Authz;

/// <summary>The headers (HTTP) and metadata keys (gRPC) a context travels in.</summary>
public static class TxnHeaderNames
{
    /// <summary>The root token.</summary>
    public const string Token = "Txn-Token";

    /// <summary>The links, oldest first, joined by <c>~</c>.</summary>
    public const string Chain = "Txn-Chain";

    /// <summary>The certificates of the signers, joined by <c>~</c>.</summary>
    public const string Certs = "Txn-Certs";
}
