namespace ZeroTrust.ConformanceTests;

/// <summary>A case and our two answers to it.</summary>
/// <param name="Test">The case.</param>
/// <param name="Outcome">Our answer, by our own validation alone.</param>
/// <param name="WithVeto">Our answer when the platform has to accept the path, too.</param>
internal sealed record JudgedCase(ConformanceCase Test, Outcome Outcome, Outcome WithVeto)
{
    public bool Deviates => !Test.EitherAnswer && Outcome.Accepted != Test.Accepted;

    public override string ToString() =>
        $"{Test.Id}: expected {(Test.Accepted ? "SUCCESS" : "FAILURE")}, ours {Outcome.Code}: {Outcome.Detail}";
}
