using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls;

/// <summary>The anchors and CRLs of each trust domain, and the deny-list, from files.</summary>
/// <remarks>A changed file makes the bundle of its own trust domain anew and leaves the others the same objects.</remarks>
public sealed class FileTrustBundleSource : ITrustBundleSource
{
    private const string DomainsSection = MtlsOptions.SectionName + ":TrustDomains";
    private const string DenyListPath = MtlsOptions.SectionName + ":" + nameof(MtlsOptions.DenyListFile);

    private readonly List<WatchedFiles<TrustBundle>> _domains;
    private readonly WatchedFiles<DenyListState>? _denied;
    private readonly Dictionary<TrustDomain, Watch> _watches = [];
    private readonly Watch? _deniedWatch;
    private readonly Reloadable<TrustBundleSet> _current;
    private readonly Lock _lock = new();

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <param name="dangers">The checks that code has weakened; null for none.</param>
    /// <param name="time">The time, which says whether a CRL can be used; null for the system's.</param>
    /// <exception cref="OptionsValidationException">A file is not configured, cannot be read, or holds nothing usable.</exception>
    public FileTrustBundleSource(
        IOptions<MtlsOptions> options, ILogger<FileTrustBundleSource> logger, IMeterFactory? meterFactory = null, MtlsDangers? dangers = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var configured = options.Value.TrustDomains;
        if (configured.Count == 0)
        {
            throw MtlsFile.At(DomainsSection, path: null).Invalid("no trust domain is trusted; at least one is needed");
        }

        if (dangers?.TrustDomains.FirstOrDefault(domain => !configured.ContainsKey(domain.ToString())) is { IsDefault: false } stray)
        {
            throw MtlsFile.At($"{DomainsSection}:{stray}", path: null).Invalid("missing; code weakens its checks");
        }

        var events = MtlsEvents.To(logger, new MtlsMetrics(meterFactory));
        var limits = WatchLimits.For(options.Value.ReloadInterval, options.Value.MaxStaleness);
        _domains = [.. configured.Select(entry =>
        {
            var domain = new TrustDomainFiles(entry.Key, entry.Value, dangers, time ?? TimeProvider.System, options.Value.ClockSkew);
            var files = new WatchedFiles<TrustBundle>($"trust bundle of {entry.Key}", domain.Files, domain.Load, events, doubtOf: _ => domain.LeftOut) { LossOf = LossOf };
            _watches.Add(domain.Name, new Watch($"trust bundle of {entry.Key}", () => Publish(files.Poll(), files.Tell), limits));
            return files;
        })];
        if (options.Value.DenyListFile is { } path)
        {
            var file = MtlsFile.At(DenyListPath, path, dangers) with { MaxBytes = DenyListFile.MaxBytes };
            DenyListState? last = null;
            var denied = _denied = new("deny-list", [file], content => last = Read(file, content[0].Bytes, last), events, doubtOf: static state => state.Doubt)
            {
                LossOf = static (last, next) => last.LossTo(next),
                LossIsMeant = true,
            };
            _deniedWatch = new("deny-list", () => Publish(denied.Poll(), denied.Tell), limits);
        }

        _current = new(Compose(), "trust bundles", events);
    }

    /// <summary>Why something of the files cannot be loaded at present; null when all that they hold is current.</summary>
    internal string? Failure => _domains.Select(domain => domain.Failure).Append(_denied?.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>
    /// What is looked at: the files of each trust domain and the deny-list, each by itself, since a read of one may hang.
    /// </summary>
    internal IEnumerable<Watch> Watches => _deniedWatch is null ? _watches.Values : _watches.Values.Append(_deniedWatch);

    /// <inheritdoc/>
    public TrustBundleSet GetBundles() => _current.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _current.Token;

    /// <summary>
    /// Compares the content of the files with what is loaded and loads them when it differs; the host does so on its own.
    /// </summary>
    /// <returns>
    /// Whether new bundles are current. A bad file keeps the last good ones, is logged when it stays bad, and is tried again.
    /// </returns>
    public bool Reload() => Update(static files => files.Reload(), static denied => denied.Reload());

    internal bool Poll() => Update(static files => files.Poll(), static denied => denied.Poll());

    /// <summary>Refuses what rests on files that were not looked at in time: those of the trust domain, and the deny-list.</summary>
    internal Rejection? CheckStaleness(TrustDomain domain) =>
        _deniedWatch is { IsStale: true } ? Stale(_deniedWatch) : _watches.TryGetValue(domain, out var watch) && watch.IsStale ? Stale(watch) : null;

    internal static Rejection Stale(Watch watch) =>
        MtlsRejections.Refuse(MtlsRejectionReason.TrustStale, $"The files of the {watch.Name} were not looked at in time.");

    private static DenyListState Read(WatchedFile file, byte[] content, DenyListState? last)
    {
        try
        {
            var read = DenyListFile.Read(content, file.Owners);
            return last?.Next(read) ?? DenyListState.First(read);
        }
        catch (TrustFileFault fault)
        {
            throw file.Invalid($"'{file.Path}' is no deny-list: {fault.Message}");
        }
    }

    internal static string? LossOf(TrustBundle last, TrustBundle next)
    {
        var kept = next.Anchors.Count(anchor => last.Anchors.Any(known => known.Sha256.Span.SequenceEqual(anchor.Sha256.Span)));
        var (crls, nextCrls) = (FromFiles(last).Count, FromFiles(next).Count);
        return (kept == 0 || next.Anchors.Count < last.Anchors.Count) ? $"{kept} of {last.Anchors.Count} anchors are left, {next.Anchors.Count - kept} are new"
            : nextCrls < crls && !FromFiles(last).TrueForAll(crl => IsFollowed(crl, next)) ? $"{nextCrls} CRLs in place of {crls}"
            : null;
    }

    private static List<CertificateRevocationList> FromFiles(TrustBundle bundle) => [.. (bundle.Crls ?? CrlSet.Empty).Except(bundle.Outliving)];

    // Fewer of them are no loss where later ones took the places, as when an old one is cleared away.
    private static bool IsFollowed(CertificateRevocationList crl, TrustBundle next) =>
        FromFiles(next).Exists(later => crl.Precedes(later) || crl.Sha256.Span.SequenceEqual(later.Sha256.Span));

    private bool Update(Predicate<WatchedFiles<TrustBundle>> domainChanged, Predicate<WatchedFiles<DenyListState>> deniedChanged)
    {
        // All of them are asked, and one set is published for all that changed.
        var changed = _denied is not null && deniedChanged(_denied);
        foreach (var domain in _domains)
        {
            changed |= domainChanged(domain);
        }

        return Publish(changed, () =>
        {
            _denied?.Tell();
            _domains.ForEach(domain => domain.Tell());
        });
    }

    private bool Publish(bool changed, Action tell)
    {
        if (changed)
        {
            // Files are read in loops of their own; what they hold is put together by one at a time, so that the latest set is published
            // last.
            lock (_lock)
            {
                _current.Publish(Compose());
            }
        }

        tell();
        return changed;
    }

    private TrustBundleSet Compose() => new(_domains.Select(domain => domain.Current), _denied?.Current.List ?? DenyList.Empty);
}
