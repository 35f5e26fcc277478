namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>The content of an input's files.</summary>
/// <param name="Files">By name.</param>
/// <param name="IsInUse">Whether the service uses it.</param>
internal sealed record TrustVersion(IReadOnlyDictionary<string, byte[]> Files, Func<LiveService, bool> IsInUse);
