using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls;

/// <summary>Where the own certificate and key come from.</summary>
public interface IPeerCredentialSource
{
    /// <summary>The current credential. Cheap and without waiting; the same object until it changes.</summary>
    /// <exception cref="InvalidOperationException">No credential was ever loaded.</exception>
    PeerCredential GetCredential();

    /// <summary>A token that fires once, when <see cref="GetCredential"/> returns something new.</summary>
    IChangeToken GetReloadToken();
}
