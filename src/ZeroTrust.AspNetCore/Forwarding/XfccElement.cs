namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>What is read of one element of <c>X-Forwarded-Client-Cert</c>.</summary>
internal sealed class XfccElement
{
    public string? Cert { get; private set; }

    public string? Chain { get; private set; }

    public string? Hash { get; private set; }

    /// <summary>Takes one value. Keys are compared without case; those that are not read may stand more than once.</summary>
    /// <returns>False for the second value of a key that is read.</returns>
    public bool TrySet(string key, string value)
    {
        switch (key.ToUpperInvariant())
        {
            case "CERT":
                (var isFirst, Cert) = (Cert is null, value);
                return isFirst;
            case "CHAIN":
                (isFirst, Chain) = (Chain is null, value);
                return isFirst;
            case "HASH":
                (isFirst, Hash) = (Hash is null, value);
                return isFirst;
            default:
                return true;
        }
    }
}
