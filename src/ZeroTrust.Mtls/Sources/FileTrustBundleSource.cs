using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls;

/// <summary>The anchors and CRLs of each trust domain, and the deny-list, from files.</summary>
/// <remarks>A changed file makes the bundle of its own trust domain anew and leaves the others the same objects.</remarks>
public sealed class FileTrustBundleSource : ITrustBundleSource
{
    private const string DomainsSection = MtlsOptions.SectionName + ":TrustDomains";
    private const string DenyListPath = MtlsOptions.SectionName + ":" + nameof(MtlsOptions.DenyListFile);

    private readonly List<WatchedFiles<TrustBundle>> _domains;
    private readonly WatchedFiles<DenyList>? _denied;
    private readonly Published<TrustBundleSet> _published;
    private readonly Lock _lock = new();

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <param name="dangers">The checks that code has weakened; null for none.</param>
    /// <exception cref="OptionsValidationException">A file is not configured, cannot be read, or holds nothing usable.</exception>
    public FileTrustBundleSource(
        IOptions<MtlsOptions> options, ILogger<FileTrustBundleSource> logger, IMeterFactory? meterFactory = null, MtlsDangers? dangers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var configured = options.Value.TrustDomains;
        if (configured.Count == 0)
        {
            throw new WatchedFile(DomainsSection, Path: null).Invalid("no trust domain is trusted; at least one is needed");
        }

        if (dangers?.TrustDomains.FirstOrDefault(domain => !configured.ContainsKey(domain.ToString())) is { IsDefault: false } stray)
        {
            throw new WatchedFile($"{DomainsSection}:{stray}", Path: null).Invalid("missing; code weakens its checks");
        }

        var metrics = new MtlsMetrics(meterFactory);
        _domains = [.. configured.Select(entry =>
        {
            var domain = new TrustDomainFiles(entry.Key, entry.Value, dangers);
            return new WatchedFiles<TrustBundle>($"trust bundle of {entry.Key}", domain.Files, domain.Load, metrics, logger);
        })];
        if (options.Value.DenyListFile is { } path)
        {
            var file = new WatchedFile(DenyListPath, path);
            _denied = new("deny-list", [file], content => Read(file, content[0].Bytes), metrics, logger);
        }

        _published = new(Compose());
    }

    /// <summary>Why something of the files cannot be loaded at present; null when all that they hold is current.</summary>
    internal string? Failure => _domains.Select(domain => domain.Failure).Append(_denied?.Failure).FirstOrDefault(failure => failure is not null);

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => _published.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _published.Token;

    /// <summary>Compares the content of the files with what is loaded and loads them when it differs; the host does so on its own.</summary>
    /// <returns>Whether new bundles are current. A bad file keeps the last good ones, is logged when it stays bad, and is tried again.</returns>
    public bool Reload() => Update(domain => domain.Reload(), denied => denied.Reload());

    internal bool Poll() => Update(domain => domain.Poll(), denied => denied.Poll());

    private static DenyList Read(WatchedFile file, byte[] content)
    {
        try
        {
            return DenyListFile.Read(content);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw file.Invalid(exception.Message);
        }
    }

    private bool Update(Predicate<WatchedFiles<TrustBundle>> domainChanged, Predicate<WatchedFiles<DenyList>> deniedChanged)
    {
        lock (_lock)
        {
            // All of them are asked, and one set is published for all that changed.
            var changed = _denied is not null && deniedChanged(_denied);
            foreach (var domain in _domains)
            {
                changed |= domainChanged(domain);
            }

            if (changed)
            {
                _published.Publish(Compose());
            }

            return changed;
        }
    }

    private TrustBundleSet Compose() => new(_domains.Select(domain => domain.Current), _denied?.Current ?? DenyList.Empty);
}
