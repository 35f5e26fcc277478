using System.Globalization;

namespace ZeroTrust.ConformanceTests;

/// <summary>What came of the cases of one file that carry a private key, as live handshakes with openssl at one end.</summary>
internal sealed record LiveResult(CorpusFile File, LiveSide Peer, IReadOnlyList<LiveCase> Cases)
{
    public const string Corpus = "limbo-live";

    public string Name => $"{File.Name} ({(Peer == LiveSide.Client ? "s_client to our server" : "s_server to our client")})";

    public IReadOnlyList<ConformanceCase> Candidates { get; } = CandidatesOf(File);

    public IEnumerable<ConformanceCase> Skipped => Candidates.Where(test => test.Unrunnable is not null);

    public IEnumerable<LiveCase> Agreeing => Cases.Where(live => live.Agrees);

    public IEnumerable<LiveCase> Disagreeing => Cases.Where(live => !live.Agrees);

    public IEnumerable<LiveCase> FalseAccepts => Cases.Where(live => live.IsFalseAccept);

    public IEnumerable<LiveCase> FalseRejects => Cases.Where(live => live.IsFalseReject);

    public IEnumerable<LiveCase> RefusedByTls => Cases.Where(live => live.RefusedByTls is not null);

    public IEnumerable<LiveCase> Faults => Cases.Where(live => live.Faults.Count > 0);

    /// <summary>The cases that can be tried at all: a peer has to have its key.</summary>
    public static ConformanceCase[] CandidatesOf(CorpusFile file) => [.. file.Cases.Where(test => test.Key is not null)];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Corpus}: {Name}: {Candidates.Count} of {File.Cases.Count} cases carry a key, {Cases.Count} run, {Agreeing.Count()} agree ({RefusedByTls.Count()} refused by TLS before us), {FalseAccepts.Count()} false accept, {FalseRejects.Count()} false reject, {Skipped.Count()} skipped");
}
