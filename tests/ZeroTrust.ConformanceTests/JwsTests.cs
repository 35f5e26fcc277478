namespace ZeroTrust.ConformanceTests;

public sealed class JwsTests
{
    [Fact]
    public void No_forged_signature_is_accepted() => Expect(result => result.FalseAccepts);

    [Fact]
    public void Every_signature_is_judged_as_stated_or_as_explained() => Expect(result => result.Unexplained);

    [Fact]
    public void No_explanation_outlives_its_deviation() => Expect(result => result.Stale);

    private static void Expect(Func<JwsResult, IEnumerable<JudgedJws>> none)
    {
        Assert.SkipWhen(Conformance.Signatures.Count == 0, Conformance.Corpora.HowToPoint);
        foreach (var result in Conformance.Signatures)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
            Assert.Empty(none(result).Select(judged => judged.ToString()));
        }
    }
}
