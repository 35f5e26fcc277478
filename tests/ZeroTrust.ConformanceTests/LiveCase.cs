namespace ZeroTrust.ConformanceTests;

/// <summary>A case as a live handshake, beside the file run of the same case.</summary>
/// <param name="File">The file run, whose verdict is expected.</param>
/// <param name="Live">Our verdict in the handshake; null when TLS refused the peer before we were asked, or when the handshake failed.</param>
/// <param name="RefusedByTls">Why TLS refused the peer before we were asked; null when it did not.</param>
/// <param name="Faults">What went wrong beside the verdict, such as a dropped certificate or a byte that passed.</param>
internal sealed record LiveCase(JudgedCase File, Outcome? Live, string? RefusedByTls, IReadOnlyList<string> Faults)
{
    public string Id => File.Test.Id;

    public bool IsFalseAccept => Live is { Accepted: true } && !File.Outcome.Accepted;

    public bool IsFalseReject => Live is not { Accepted: true } && File.Outcome.Accepted;

    public bool Agrees => Faults.Count == 0 && (Live is null ? RefusedByTls is not null && !File.Outcome.Accepted : Live.Code == File.Outcome.Code);

    public override string ToString() =>
        $"{Id}: file run {File.Outcome.Code}, live {Live?.Code ?? $"refused by TLS before us: {RefusedByTls}"}{string.Concat(Faults.Select(fault => $"; {fault}"))}";
}
