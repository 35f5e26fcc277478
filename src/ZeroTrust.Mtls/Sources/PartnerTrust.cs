using Microsoft.Extensions.Primitives;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>
/// The roots of one partner's server, and the deny-list that holds everywhere. Nothing of it reaches the bundles of trust domains.
/// </summary>
internal sealed class PartnerTrust : ITrustBundleSource
{
    private readonly ITrustBundleSource _main;
    private readonly Func<TrustBundle> _bundle;
    private readonly Func<string?> _failure;
    private readonly Reloadable<TrustBundleSet> _current;
    private readonly Lock _lock = new();

    /// <summary>Loads the files.</summary>
    /// <param name="files">The files of the partner.</param>
    /// <param name="name">What they are, for the log.</param>
    /// <param name="main">Where the deny-list is.</param>
    /// <param name="limits">How often they are looked at.</param>
    /// <param name="events">Where reloads are logged.</param>
    public PartnerTrust(TrustDomainFiles files, string name, ITrustBundleSource main, WatchLimits limits, WatchEvents events)
    {
        var watched = new WatchedFiles<TrustBundle>(name, files.Files, files.Load, events, doubtOf: _ => files.LeftOut)
        {
            LossOf = FileTrustBundleSource.LossOf,
        };
        _main = main;
        _bundle = () => watched.Current;
        _failure = () => watched.Failure;
        _current = new(Compose(), name, events);
        Watch = new(name, () => Publish(watched.Poll(), watched.Tell), limits);
    }

    /// <summary>Takes roots that do not change.</summary>
    /// <param name="bundle">The roots.</param>
    /// <param name="name">What they are, for the log.</param>
    /// <param name="main">Where the deny-list is.</param>
    /// <param name="events">Where listeners that fail are logged.</param>
    public PartnerTrust(TrustBundle bundle, string name, ITrustBundleSource main, WatchEvents events)
    {
        _main = main;
        _bundle = () => bundle;
        _failure = static () => null;
        _current = new(Compose(), name, events);
    }

    /// <summary>What is looked at; null when nothing changes.</summary>
    public Watch? Watch { get; }

    /// <summary>Why the files cannot be loaded at present; null when all that they hold is current.</summary>
    public string? Failure => _failure();

    public TrustBundle Bundle => _bundle();

    public TrustBundleSet GetBundles()
    {
        var current = _current.Value;
        if (ReferenceEquals(current.Denied, _main.GetBundles().Denied))
        {
            return current;
        }

        Publish(changed: true, static () => { });
        return _current.Value;
    }

    public IChangeToken GetReloadToken() => new CompositeChangeToken([_current.Token, _main.GetReloadToken()]);

    public Rejection? CheckStaleness() =>
        Watch is { IsStale: true } ? FileTrustBundleSource.Stale(Watch) : (_main as FileTrustBundleSource)?.CheckStaleness(default);

    private void Publish(bool changed, Action tell)
    {
        if (changed)
        {
            lock (_lock)
            {
                _current.Publish(Compose());
            }
        }

        tell();
    }

    private TrustBundleSet Compose() => new([_bundle()], _main.GetBundles().Denied);
}
