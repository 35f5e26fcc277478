using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

public sealed class ConformanceTests
{
    private const int MostShown = 50;

    [Theory]
    [InlineData("limbo")]
    [InlineData("pkits")]
    public void Every_case_is_judged_as_stated_or_as_explained(string corpus) => Expect(corpus, result => result.Unexplained);

    [Theory]
    [InlineData("limbo")]
    [InlineData("pkits")]
    public void No_explanation_excuses_an_important_case(string corpus) =>
        Expect(corpus, result => result.Explained.Where(judged => judged.Test.Important));

    [Theory]
    [InlineData("limbo")]
    [InlineData("pkits")]
    public void No_explanation_outlives_its_deviation(string corpus) => Expect(corpus, result => result.Stale);

    [Theory]
    [InlineData("limbo")]
    [InlineData("pkits")]
    public void No_case_makes_the_verification_itself_fail(string corpus) => Expect(corpus, result => result.Defects);

    /// <summary>
    /// By the rules of the public web, and by those of RFC 5280 for who calls such a server by its own roots; both with the platform's
    /// veto.
    /// </summary>
    [Theory]
    [InlineData(PathProfile.Strict)]
    [InlineData(PathProfile.Rfc5280)]
    public void Chains_of_public_sites_are_accepted(PathProfile profile)
    {
        var sites = Conformance.Run.SelectMany(result => result.Judged).Select(judged => judged.Test)
            .Where(test => test.Id.StartsWith("online::", StringComparison.Ordinal))
            .ToArray();
        Assert.SkipWhen(sites.Length == 0, Conformance.Corpora.HowToPoint);

        ConformanceCase[] asked = [.. sites.Select(site => site with { Policies = [.. site.Policies.Select(policy => policy with { Profile = profile })] })];
        var outcomes = CaseRunner.RunAll(asked, veto: true);

        var accepted = outcomes.Count(outcome => outcome.Accepted);
        TestContext.Current.TestOutputHelper?.WriteLine($"{accepted} of {sites.Length} chains of public sites accepted by {profile}");
        var each = sites.Zip(outcomes, (site, outcome) => $"{site.Id}: {outcome.Code} {outcome.Detail}");
        Assert.True(accepted == sites.Length && sites.All(site => site.Accepted), string.Join(Environment.NewLine, each));
    }

    [Fact]
    public void Every_explanation_has_a_reason_and_a_section() =>
        Assert.All(Deviation.ReadTable().Values, deviation =>
        {
            Assert.False(deviation.Expected == deviation.Ours, deviation.Id);
            Assert.False(string.IsNullOrWhiteSpace(deviation.Reason), deviation.Id);
            Assert.False(string.IsNullOrWhiteSpace(deviation.Section), deviation.Id);
        });

    private static void Expect(string corpus, Func<FileResult, IEnumerable<JudgedCase>> none)
    {
        var results = Conformance.Run.Where(result => result.File.Corpus == corpus).ToArray();
        Assert.SkipWhen(results.Length == 0, Conformance.Corpora.HowToPoint);
        Array.ForEach(results, result => TestContext.Current.TestOutputHelper?.WriteLine(result.ToString()));
        string[] found = [.. results.SelectMany(none).Select(judged => judged.ToString())];
        Assert.True(found.Length == 0, $"{found.Length} cases:{Environment.NewLine}{string.Join(Environment.NewLine, found.Take(MostShown))}");
    }
}
