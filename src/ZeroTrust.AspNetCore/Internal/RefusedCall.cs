namespace ZeroTrust.AspNetCore.Internal;

/// <summary>The mark of a call that is being answered with a refusal.</summary>
internal sealed class RefusedCall
{
    public static readonly RefusedCall Mark = new();
}
