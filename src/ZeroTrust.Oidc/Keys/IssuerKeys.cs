using System.Collections.Frozen;
using ZeroTrust.Jose;

namespace ZeroTrust.Oidc;

/// <summary>What one issuer published at one moment. Immutable.</summary>
public sealed class IssuerKeys
{
    /// <summary>Creates a snapshot.</summary>
    /// <param name="issuer">The issuer exactly as it spells itself.</param>
    /// <param name="keySet">Its key set.</param>
    /// <param name="fetchedAt">When fetching it began.</param>
    /// <exception cref="ArgumentException"><paramref name="issuer"/> is null or empty.</exception>
    public IssuerKeys(string issuer, JsonWebKeySet keySet, DateTimeOffset fetchedAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        ArgumentNullException.ThrowIfNull(keySet);
        Issuer = issuer;
        KeySet = keySet;
        FetchedAt = fetchedAt;
        KeyIds = keySet.Keys.Where(key => key.KeyId is not null).Select(key => key.KeyId!).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The issuer exactly as its discovery document spells it; a token's <c>iss</c> must be this text.</summary>
    public string Issuer { get; }

    /// <summary>The usable keys.</summary>
    public JsonWebKeySet KeySet { get; }

    /// <summary>When the fetch that brought these keys began.</summary>
    public DateTimeOffset FetchedAt { get; }

    internal FrozenSet<string> KeyIds { get; }

    internal bool Contains(string keyId) => KeyIds.Contains(keyId);
}
