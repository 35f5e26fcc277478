namespace ZeroTrust.Authz.Internal;

/// <summary>The signed form of a context, as it was minted or received.</summary>
/// <param name="Root">The root token.</param>
/// <param name="Links">The links, oldest first; none in a context minted here.</param>
/// <param name="Certificates">The signers' certificates, each once, in base64url.</param>
internal sealed record ContextWire(string Root, IReadOnlyList<string> Links, IReadOnlyList<string> Certificates)
{
    internal string Last => Links.Count == 0 ? Root : Links[^1];
}
