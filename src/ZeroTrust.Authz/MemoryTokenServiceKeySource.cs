using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Jose;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz;

/// <summary>Keys of token services kept in memory and replaced by the program.</summary>
/// <param name="logger">Where listeners that throw are logged; null for no log.</param>
/// <remarks>Nothing is polled, so it is never stale.</remarks>
public sealed class MemoryTokenServiceKeySource(ILogger<MemoryTokenServiceKeySource>? logger = null) : ITokenServiceKeySource
{
    private readonly ConcurrentDictionary<string, Reloadable<JsonWebKeySet?>> _services = new(StringComparer.Ordinal);
    private readonly WatchEvents _events = AuthzEvents.To(logger ?? NullLogger<MemoryTokenServiceKeySource>.Instance);

    /// <inheritdoc/>
    public JsonWebKeySet? GetKeys(string issuer) => Of(issuer).Value;

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

    private Reloadable<JsonWebKeySet?> Of(string issuer) =>
        _services.GetOrAdd(issuer, static (name, events) => new(null, $"keys of token service {name}", events), _events);
}
