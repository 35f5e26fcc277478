using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Sources;

namespace ZeroTrust.Mtls;

/// <summary>The anchors of each trust domain from one PEM file each.</summary>
public sealed class FileTrustBundleSource : ITrustBundleSource
{
    private readonly List<(WatchedFile File, string Name, TimeSpan MaxLeafLifetime)> _domains;
    private readonly WatchedFiles<TrustBundleSet> _files;

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <exception cref="OptionsValidationException">A file is not configured, cannot be read, or holds no usable anchor.</exception>
    public FileTrustBundleSource(IOptions<MtlsOptions> options, ILogger<FileTrustBundleSource> logger, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        const string Section = MtlsOptions.SectionName + ":TrustDomains";
        _domains =
        [
            .. options.Value.TrustDomains.Select(entry =>
                (new WatchedFile($"{Section}:{entry.Key}:AnchorFile", entry.Value.AnchorFile), entry.Key, entry.Value.MaxLeafLifetime)),
        ];
        if (_domains.Count == 0)
        {
            throw new WatchedFile(Section, Path: null).Invalid("no trust domain is trusted; at least one is needed");
        }

        _files = new("trust bundles", [.. _domains.Select(domain => domain.File)], Load, new MtlsMetrics(meterFactory), logger);
    }

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => _files.Current;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _files.Token;

    /// <summary>Compares the files with what is loaded and loads them when they differ. Called by the host on every <see cref="MtlsOptions.ReloadInterval"/>.</summary>
    /// <returns>Whether new bundles are current. A bad file keeps the last good bundles, is logged, and is tried again by the next call.</returns>
    public bool Reload() => _files.Reload();

    private TrustBundleSet Load(IReadOnlyList<byte[]> content) =>
        new(_domains.Select((domain, index) => Load(domain.File, domain.Name, domain.MaxLeafLifetime, content[index])));

    private static TrustBundle Load(WatchedFile file, string name, TimeSpan maxLeafLifetime, byte[] content)
    {
        try
        {
            var anchors = new X509Certificate2Collection();
            anchors.ImportFromPem(Encoding.UTF8.GetString(content));
            return new TrustBundle(TrustDomain.Parse(name), anchors, maxLeafLifetime);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            throw file.Invalid($"no usable anchors: {exception.Message}");
        }
    }
}
