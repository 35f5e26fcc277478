namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>
/// What scopes were redacted to, on this thread and for as long as one record is judged and handed on: what was looked at is what is exported, and the
/// work is done once. Nothing is remembered at other times, as an application may change what its scope holds.
/// </summary>
#pragma warning disable CA1001 // a logger may outlive its container, and must not throw then
internal sealed class ScopeMemory
#pragma warning restore CA1001
{
    /// <summary>Scopes below are redacted each time.</summary>
    private const int MaxScopes = 32;

    private readonly ThreadLocal<Entries> _entries = new(static () => new Entries());

    /// <summary>Begins to remember; to be ended on the same thread, whatever happens.</summary>
    /// <returns>Whether this call began it, and so has to end it: a record that is logged while another is handed on is part of that one.</returns>
    public bool Begin()
    {
        var entries = _entries.Value!;
        var began = !entries.IsOpen;
        entries.IsOpen = true;
        return began;
    }

    /// <summary>Forgets.</summary>
    public void End()
    {
        var entries = _entries.Value!;
        entries.IsOpen = false;
        entries.Known.Clear();
    }

    /// <summary>What a scope was redacted to.</summary>
    /// <param name="scope">The scope; compared by reference.</param>
    /// <returns><see langword="null"/> when it is not known.</returns>
    public RedactedScope? Find(object scope)
    {
        foreach (var (known, redacted) in _entries.Value!.Known)
        {
            if (ReferenceEquals(known, scope))
            {
                return redacted;
            }
        }

        return null;
    }

    public void Add(object scope, RedactedScope redacted)
    {
        var entries = _entries.Value!;
        if (entries.IsOpen && entries.Known.Count < MaxScopes)
        {
            entries.Known.Add((scope, redacted));
        }
    }

    private sealed class Entries
    {
        public bool IsOpen { get; set; }

        public List<(object Scope, RedactedScope Redacted)> Known { get; } = [];
    }
}
