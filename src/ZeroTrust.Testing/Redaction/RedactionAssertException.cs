namespace ZeroTrust.Testing;

/// <summary>A canary arrived, or what was to arrive beside it did not.</summary>
public sealed class RedactionAssertException : Exception
{
    internal RedactionAssertException(IReadOnlyList<RedactionLeak> leaks, IReadOnlyList<string> missing)
        : base(Describe(leaks, missing))
    {
        Leaks = leaks;
        MissingSignals = missing;
    }

    /// <summary>The canaries that arrived, by surface.</summary>
    public IReadOnlyList<RedactionLeak> Leaks { get; }

    /// <summary>The signals of which nothing arrived, so that nothing is proved about them.</summary>
    public IReadOnlyList<string> MissingSignals { get; }

    private static string Describe(IReadOnlyList<RedactionLeak> leaks, IReadOnlyList<string> missing) => string.Join(
        Environment.NewLine,
        leaks.Select(static leak => $"{leak.Signal}: a canary left in the {leak.Surface} (posted to {leak.Path}).")
            .Concat(missing.Select(static signal =>
                $"{signal}: nothing arrived. Export to the receiver over HTTP/protobuf, and call AddRedactionCanaries() or listen to '{RedactionAssert.SourcePattern}'.")));
}
