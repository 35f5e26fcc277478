using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>A credential kept in memory and replaced by the program.</summary>
/// <param name="credential">The first credential.</param>
/// <param name="logger">Where listeners that throw are logged; null for no log.</param>
/// <remarks>Nothing is polled, so it is never stale.</remarks>
public sealed class MemoryPeerCredentialSource(PeerCredential credential, ILogger<MemoryPeerCredentialSource>? logger = null) : IPeerCredentialSource
{
    private readonly Reloadable<PeerCredential> _current = new(
        credential ?? throw new ArgumentNullException(nameof(credential)), "credential", MtlsEvents.To(logger ?? NullLogger<MemoryPeerCredentialSource>.Instance));

    /// <inheritdoc/>
    public PeerCredential GetCredential() => _current.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _current.Token;

    /// <summary>Replaces the credential; new connections use it from now on.</summary>
    /// <param name="credential">The new credential.</param>
    /// <remarks>Listeners are notified on the thread pool, each by itself.</remarks>
    public void Replace(PeerCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        _current.Publish(credential);
    }
}
