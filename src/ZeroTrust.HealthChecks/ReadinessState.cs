namespace ZeroTrust.HealthChecks;

/// <summary>The one truth about this process at one moment: immutable, numbered, and the only thing every probe, stream and gate reads.</summary>
public sealed class ReadinessState
{
    private readonly TaskCompletionSource _superseded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ReadinessState(
        long version,
        DateTimeOffset at,
        bool isLive,
        bool isStarted,
        bool isReady,
        bool isDraining,
        IReadOnlyList<DependencyStatus> dependencies,
        IReadOnlyDictionary<string, bool> services)
    {
        Version = version;
        At = at;
        IsLive = isLive;
        IsStarted = isStarted;
        IsReady = isReady;
        IsDraining = isDraining;
        Dependencies = dependencies;
        Services = services;
    }

    /// <summary>The number of this state; every visible change adds one.</summary>
    /// <value>Starts at 1.</value>
    public long Version { get; }

    /// <summary>When this state began.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Whether the process is worth keeping. Only checks tagged <c>live</c> are asked; dependencies never are.</summary>
    public bool IsLive { get; }

    /// <summary>Whether the host has started and every check tagged <c>startup</c> has passed once. Never goes back.</summary>
    public bool IsStarted { get; }

    /// <summary>Whether business calls are admitted: started, and every critical dependency is ready and freshly known to be.</summary>
    public bool IsReady { get; }

    /// <summary>Whether shutdown has begun. Never goes back.</summary>
    public bool IsDraining { get; }

    /// <summary>What probes are told: ready and not draining.</summary>
    /// <remarks>During the drain this is false at once while <see cref="IsReady"/> keeps admitting what still arrives.</remarks>
    public bool IsServing => IsReady && !IsDraining;

    /// <summary>Every dependency known, in ordinal order of its name. For the operator; probes never show it.</summary>
    public IReadOnlyList<DependencyStatus> Dependencies { get; }

    /// <summary>Whether calls to each service of <see cref="HealthOptions.Services"/> are admitted.</summary>
    public IReadOnlyDictionary<string, bool> Services { get; }

    /// <summary>Whether calls to one service are admitted.</summary>
    /// <param name="service">Its name; one that <see cref="HealthOptions.Services"/> does not name is as ready as the process.</param>
    public bool IsReadyFor(string service) => Services.TryGetValue(service, out var isReady) ? isReady : IsReady;

    /// <summary>Completes when a later state has been published.</summary>
    internal Task Superseded => _superseded.Task;

    internal void Supersede() => _superseded.TrySetResult();
}
