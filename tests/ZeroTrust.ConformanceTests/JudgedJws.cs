namespace ZeroTrust.ConformanceTests;

/// <summary>A JSON Web Signature and our answer to it.</summary>
internal sealed record JudgedJws(JwsCase Test, Outcome Outcome)
{
    public bool Deviates => Outcome.IsDefect || Outcome.Accepted != Test.Accepted;

    public override string ToString() =>
        $"{Test.Id}: expected {(Test.Accepted ? "SUCCESS" : "FAILURE")}, ours {Outcome.Code}: {Outcome.Detail}";
}
