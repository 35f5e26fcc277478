using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz;

/// <summary>Keys of token services kept in memory and replaced by the program.</summary>
public sealed class MemoryTokenServiceKeySource : ITokenServiceKeySource
{
    private readonly ConcurrentDictionary<string, PublishedKeys> _services = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public JsonWebKeySet? GetKeys(string issuer) => Of(issuer).Current;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken(string issuer) => Of(issuer).Token;

    /// <summary>Replaces the keys of one token service; every root it signed is judged again when it is met.</summary>
    /// <param name="issuer">The service's <c>iss</c>, exactly.</param>
    /// <param name="keys">The new keys. Parse them with <see cref="JwsAlgorithms.PS256"/> as the algorithm of RSA keys that state none.</param>
    public void Replace(string issuer, JsonWebKeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Of(issuer).Publish(keys);
    }

    private PublishedKeys Of(string issuer) => _services.GetOrAdd(issuer, static _ => new PublishedKeys());
}
