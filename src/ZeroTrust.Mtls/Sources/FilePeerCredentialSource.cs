using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>The own certificate and key from two PEM files.</summary>
public sealed class FilePeerCredentialSource : IPeerCredentialSource
{
    private readonly ChangeSignal _changed = new();

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="time">The time by which an expired certificate is told.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <exception cref="OptionsValidationException">The files are not configured, cannot be read, or do not make a usable credential.</exception>
    public FilePeerCredentialSource(IOptions<MtlsOptions> options, TimeProvider time, ILogger<FilePeerCredentialSource> logger)
    {
    }

    /// <inheritdoc/>
    public PeerCredential GetCredential() => throw new NotImplementedException();

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _changed.Token;

    /// <summary>Compares the files with what is loaded and loads them when they differ. Called by the host on every <see cref="MtlsOptions.ReloadInterval"/>.</summary>
    /// <returns>Whether a new credential is current. A bad file keeps the last good one, is logged, and is tried again by the next call.</returns>
    public bool Reload() => throw new NotImplementedException();
}
