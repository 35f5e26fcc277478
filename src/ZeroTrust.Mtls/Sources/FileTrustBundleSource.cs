using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>The anchors of each trust domain from one PEM file each.</summary>
public sealed class FileTrustBundleSource : ITrustBundleSource
{
    private readonly ChangeSignal _changed = new();

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <exception cref="OptionsValidationException">A file is not configured, cannot be read, or holds no usable anchor.</exception>
    public FileTrustBundleSource(IOptions<MtlsOptions> options, ILogger<FileTrustBundleSource> logger)
    {
    }

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => throw new NotImplementedException();

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _changed.Token;

    /// <summary>Compares the files with what is loaded and loads them when they differ. Called by the host on every <see cref="MtlsOptions.ReloadInterval"/>.</summary>
    /// <returns>Whether new bundles are current. A bad file keeps the last good bundles, is logged, and is tried again by the next call.</returns>
    public bool Reload() => throw new NotImplementedException();
}
