namespace ZeroTrust.Testing;

/// <summary>One canary that arrived.</summary>
public sealed class RedactionLeak
{
    internal RedactionLeak(string signal, string surface, string path)
    {
        Signal = signal;
        Surface = surface;
        Path = path;
    }

    /// <summary>What it was sent as: <c>traces</c>, <c>logs</c> or <c>metrics</c>.</summary>
    public string Signal { get; }

    /// <summary>Where in the record it was, for example <c>event attribute</c>.</summary>
    public string Surface { get; }

    /// <summary>The path it was posted to.</summary>
    public string Path { get; }

    /// <summary>The signal and the surface, for a test's output.</summary>
    public override string ToString() => $"{Signal}: {Surface}";
}
