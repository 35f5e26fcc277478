namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>What the stripping middleware took from a request before it removed every context header.</summary>
/// <param name="Headers">The raw values of the token a verified peer sent, why they may not even be read, or null when it sent none.</param>
/// <param name="Plain">The same of the plain headers, from a peer whose plain headers are believed.</param>
internal sealed record PresentedContext(Verdict<TxnHeaders>? Headers, Verdict<PlainHeaders>? Plain)
{
    public static PresentedContext None { get; } = new(Headers: null, Plain: null);
}
