using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Diagnostics;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.HealthChecks;

/// <summary>Where the one readiness truth is made: takes reports, publishes numbered states.</summary>
/// <remarks>
/// A state is published only when something visible changed, so a reader who compares <see cref="ReadinessState.Version"/> misses nothing and
/// hears nothing twice. Staleness is judged on every read as well as by a timer: no reader sees a "ready" older than allowed.
/// </remarks>
public sealed class ReadinessHub : IReadinessSignal, IDisposable
{
    /// <summary>The most dependencies one process may have.</summary>
    public const int MaxDependencies = 256;

    /// <summary>The longest dependency name, in characters.</summary>
    public const int MaxNameLength = 128;

    private readonly SortedDictionary<string, Dependency> _dependencies = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly BoundedLogger _logger;
    private readonly HealthMetrics _metrics;
    private readonly HealthOptions _options;
    private readonly ITimer _staleness;
    private readonly TimeProvider _time;
    private ReadinessState _current;
    private bool _hostStarted;
    private bool _started;
    private bool _draining;
    private long _staleAt = long.MaxValue;
    private long _timerAt = long.MaxValue;

    internal ReadinessHub(IOptions<HealthOptions> options, TimeProvider time, HealthMetrics metrics, ILogger<ReadinessHub> logger)
    {
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _logger = new BoundedLogger(logger);
        _current = new ReadinessState(
            1, time.GetUtcNow(), isLive: true, isStarted: false, isReady: false, isDraining: false, [], _options.Services.ToFrozenDictionary(service => service.Key, _ => false));
        _staleness = time.CreateTimer(static hub => ((ReadinessHub)hub!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var (name, dependency) in _options.Dependencies)
        {
            Declare(name, HealthGroups.Ready, dependency.Critical, dependency.MaxStaleness);
        }

        foreach (var service in _options.Services.Values)
        {
            DeclareNeedsOf(service);
        }

        metrics.ObserveServing(() => Current.IsServing);
    }

    /// <summary>The state now.</summary>
    public ReadinessState Current =>
        _time.GetTimestamp() < Volatile.Read(ref _staleAt) ? Volatile.Read(ref _current) : Update(static () => { });

    /// <summary>Cancelled when the propagation delay is over and the listeners are about to close.</summary>
    internal CancellationToken Drained => _drained.Token;

    /// <summary>Cancelled when calls that still run have had their time.</summary>
    internal CancellationToken Ending => _ending.Token;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="MaxNameLength"/>.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxDependencies"/> others already.</exception>
    public void Report(string dependency, DependencyState state, string? reason = null) =>
        Update(() => GetOrAdd(dependency).Push(state, reason, _time));

    /// <summary>Waits until the state is another one than the caller has seen.</summary>
    /// <param name="version">The <see cref="ReadinessState.Version"/> last seen; 0 for none, which returns at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest state; those between may have been skipped.</returns>
    public async ValueTask<ReadinessState> WaitForChangeAsync(long version, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = Current;
            if (state.Version != version)
            {
                return state;
            }

            await state.Superseded.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _staleness.Dispose();
        _drained.Dispose();
        _ending.Dispose();
    }

    /// <summary>Makes a dependency known before its first report.</summary>
    internal void Declare(string name, HealthGroups groups, bool critical, TimeSpan? maxStaleness) => Update(() =>
    {
        var entry = GetOrAdd(name);
        entry.Groups = groups;
        entry.IsCritical = critical;
        entry.MaxStaleness = maxStaleness;
    });

    /// <summary>The number of pushes so far: what a poll takes along, so that its answer cannot undo a push made meanwhile.</summary>
    internal long PushesOf(string name)
    {
        lock (_lock)
        {
            return _dependencies[name].Pushes;
        }
    }

    /// <summary>Takes the outcome of a run of a check, unless something was pushed since it began.</summary>
    /// <returns>Whether the dependency can be used now.</returns>
    internal bool Complete(string name, long pushes, DependencyState state, string? reason)
    {
        var after = Update(() =>
        {
            var entry = _dependencies[name];
            if (entry.Pushes == pushes)
            {
                entry.Run(state, reason, _time);
            }
        });
        return after.Dependencies.First(dependency => dependency.Name == name).IsUsable;
    }

    internal void HostStarted() => Update(() => _hostStarted = true);

    /// <summary>Tells everyone NOT_SERVING for good. Calls are still admitted.</summary>
    internal void BeginDrain() => Update(() => _draining = true);

    /// <summary>Ends every stream that waits for changes.</summary>
    internal void CompleteDrain() => _drained.Cancel();

    /// <summary>Ends every stream of the application.</summary>
    internal Task EndStreamsAsync() => _ending.CancelAsync();

    private void DeclareNeedsOf(ServiceOptions service)
    {
        foreach (var dependency in service.Dependencies.Where(dependency => !_dependencies.ContainsKey(dependency)))
        {
            Declare(dependency, HealthGroups.Ready, critical: true, maxStaleness: null);
        }
    }

    private Dependency GetOrAdd(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxNameLength, nameof(name));
        if (!_dependencies.TryGetValue(name, out var entry))
        {
            if (_dependencies.Count == MaxDependencies)
            {
                throw new InvalidOperationException($"More than {MaxDependencies} dependencies: names must be few and stable.");
            }

            _options.Dependencies.TryGetValue(name, out var named);
            _dependencies[name] = entry = new Dependency(name, named?.FailureThreshold ?? 1, named?.SuccessThreshold ?? 1);
        }

        return entry;
    }

    private void Elapse()
    {
        lock (_lock)
        {
            _timerAt = long.MaxValue;
        }

        Update(static () => { });
    }

    private ReadinessState Update(Action change)
    {
        ReadinessState before;
        ReadinessState after;
        lock (_lock)
        {
            before = _current;
            change();
            after = Judge(before);
            Volatile.Write(ref _current, after);
            Schedule();
        }

        if (!ReferenceEquals(before, after))
        {
            before.Supersede();
            _logger.Run(() => Tell(before, after));
        }

        return after;
    }

    private ReadinessState Judge(ReadinessState before)
    {
        var now = _time.GetTimestamp();
        var staleAt = long.MaxValue;
        var isLive = true;
        var isReady = true;
        var startupPassed = true;
        var dependencies = new DependencyStatus[_dependencies.Count];
        var changed = dependencies.Length != before.Dependencies.Count;
        var i = 0;
        foreach (var entry in _dependencies.Values)
        {
            var status = entry.Status(now, ref staleAt);
            changed |= i >= before.Dependencies.Count || !ReferenceEquals(status, before.Dependencies[i]);
            dependencies[i++] = status;
            startupPassed &= !entry.Groups.HasFlag(HealthGroups.Startup) || status.IsUsable;
            isReady &= !entry.Groups.HasFlag(HealthGroups.Ready) || !entry.IsCritical || status.IsUsable;
            isLive &= !entry.Groups.HasFlag(HealthGroups.Live) || status.State == DependencyState.Unknown || status.IsUsable;
        }

        _started |= _hostStarted && startupPassed;
        isReady &= _started;
        Volatile.Write(ref _staleAt, staleAt);
        changed |= isLive != before.IsLive || _started != before.IsStarted || isReady != before.IsReady || _draining != before.IsDraining;
        return changed
            ? new ReadinessState(before.Version + 1, _time.GetUtcNow(), isLive, _started, isReady, _draining, dependencies, JudgeServices(dependencies))
            : before;
    }

    private FrozenDictionary<string, bool> JudgeServices(DependencyStatus[] dependencies) => _options.Services.ToFrozenDictionary(
        service => service.Key,
        service => _started && service.Value.Dependencies.All(name => dependencies.Any(dependency => dependency.Name == name && dependency.IsUsable)));

    private void Schedule()
    {
        if (_staleAt < _timerAt)
        {
            _timerAt = _staleAt;
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), _staleAt);
            _staleness.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell(ReadinessState before, ReadinessState after)
    {
        foreach (var dependency in after.Dependencies)
        {
            var known = before.Dependencies.FirstOrDefault(d => d.Name == dependency.Name);
            if (known is null ? dependency.State != DependencyState.Unknown : known.State != dependency.State || known.IsStale != dependency.IsStale)
            {
                Tell(dependency);
            }
        }

        if (before.IsServing != after.IsServing)
        {
            Log.ServingChanged(_logger, after.IsServing, after.Version);
            _metrics.Transitioned(after.IsServing);
        }
    }

    private void Tell(DependencyStatus dependency)
    {
        if (!dependency.IsUsable)
        {
            Log.DependencyNotReady(_logger, dependency.Name, dependency.IsStale ? "stale" : dependency.Reason, dependency.IsCritical);
        }
        else if (dependency.State == DependencyState.Degraded)
        {
            Log.DependencyDegraded(_logger, dependency.Name, dependency.Reason);
        }
        else
        {
            Log.DependencyReady(_logger, dependency.Name);
        }
    }
}
