using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>A credential kept in memory and replaced by the program.</summary>
/// <param name="credential">The first credential.</param>
public sealed class MemoryPeerCredentialSource(PeerCredential credential) : IPeerCredentialSource
{
    private readonly Published<PeerCredential> _published = new(credential);

    /// <inheritdoc/>
    public PeerCredential GetCredential() => _published.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _published.Token;

    /// <summary>Replaces the credential; new connections use it from now on.</summary>
    /// <param name="credential">The new credential.</param>
    public void Replace(PeerCredential credential) => _published.Publish(credential);
}
