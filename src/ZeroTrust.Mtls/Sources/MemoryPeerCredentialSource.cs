using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>A credential kept in memory and replaced by the program.</summary>
/// <param name="credential">The first credential.</param>
public sealed class MemoryPeerCredentialSource(PeerCredential credential) : IPeerCredentialSource
{
    private readonly ChangeSignal _changed = new();
    private PeerCredential _credential = credential ?? throw new ArgumentNullException(nameof(credential));

    /// <inheritdoc/>
    public PeerCredential GetCredential() => Volatile.Read(ref _credential);

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _changed.Token;

    /// <summary>Replaces the credential; new connections use it from now on.</summary>
    /// <param name="credential">The new credential.</param>
    public void Replace(PeerCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        Volatile.Write(ref _credential, credential);
        _changed.Fire();
    }
}
