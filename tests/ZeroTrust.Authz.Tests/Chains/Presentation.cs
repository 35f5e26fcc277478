namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>A context as it arrives: the tokens, the certificates, whose connection it comes over, and where.</summary>
internal sealed record Presentation(Token Root, IReadOnlyList<Token> Links, IReadOnlyList<string> Certificates, Actor Sender, Actor Receiver)
{
    /// <summary>Workloads on the deny-list when it arrives.</summary>
    public IReadOnlyList<Actor> Denied { get; init; } = [];

    public IEnumerable<Token> Tokens => Links.Prepend(Root);

    public Token Last => Links.Count == 0 ? Root : Links[^1];

    public TxnHeaders Headers => new(Root.Compact, string.Join('~', Links.Select(link => link.Compact)), string.Join('~', Certificates));

    /// <summary>The certificates of exactly the signers there are.</summary>
    public Presentation Certified() => this with { Certificates = [.. Tokens.SelectMany(token => (token.Named ?? token.Signer).Certificates).Distinct(StringComparer.Ordinal)] };
}
