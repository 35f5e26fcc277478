namespace ZeroTrust.ConformanceTests;

/// <summary>One file of cases.</summary>
internal sealed record CorpusFile(string Corpus, string Name, IReadOnlyList<ConformanceCase> Cases);
