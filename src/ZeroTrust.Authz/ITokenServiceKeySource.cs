using Microsoft.Extensions.Primitives;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz;

/// <summary>Where the keys of token services come from, each service's on its own.</summary>
public interface ITokenServiceKeySource
{
    /// <summary>The current keys of one token service. Cheap and without waiting; the same object until they change.</summary>
    /// <param name="issuer">The service's <c>iss</c>, exactly.</param>
    /// <returns>The keys; null while none were ever there, which refuses the service's roots as unavailable.</returns>
    /// <remarks>What rests on a former object is verified in full again, so a key that is gone refuses at once.</remarks>
    JsonWebKeySet? GetKeys(string issuer);

    /// <summary>A token that fires once, when <see cref="GetKeys"/> returns something new for the service.</summary>
    /// <param name="issuer">The service's <c>iss</c>, exactly.</param>
    IChangeToken GetReloadToken(string issuer);
}
