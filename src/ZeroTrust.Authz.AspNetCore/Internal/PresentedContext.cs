namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>What the stripping middleware took from a request before it removed every context header.</summary>
/// <param name="Headers">The raw values a verified peer sent, why they may not even be read, or null when it sent none.</param>
internal sealed record PresentedContext(Verdict<TxnHeaders>? Headers)
{
    public static PresentedContext None { get; } = new(Headers: null);
}
