namespace ZeroTrust.Shared;

/// <summary>Where a package logs and counts what happens to the sources it watches. None of these throws.</summary>
internal sealed record WatchEvents
{
    /// <summary>A source was loaded from changed files.</summary>
    public Action<string> Reloaded { get; init; } = static _ => { };

    /// <summary>A source cannot be loaded, and why.</summary>
    public Action<string, string> ReloadFailed { get; init; } = static (_, _) => { };

    /// <summary>A source was loaded and holds less than before, and how much.</summary>
    public Action<string, string> Shrank { get; init; } = static (_, _) => { };

    /// <summary>Changed files were taken in part, or not yet, and why.</summary>
    public Action<string, string> Doubted { get; init; } = static (_, _) => { };

    /// <summary>A listener that was notified of a change of a source threw.</summary>
    public Action<string, Exception> ListenerFailed { get; init; } = static (_, _) => { };

    /// <summary>A look at a source threw.</summary>
    public Action<string, Exception> LookFailed { get; init; } = static (_, _) => { };

    /// <summary>A readiness signal threw when the state of a dependency was reported.</summary>
    public Action<string, Exception> SignalFailed { get; init; } = static (_, _) => { };
}
