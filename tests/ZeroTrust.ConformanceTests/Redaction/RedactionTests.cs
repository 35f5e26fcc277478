namespace ZeroTrust.ConformanceTests.Redaction;

public sealed class RedactionTests
{
    private const double LeastRecall = 0.99;
    private const double MostFalse = 0.01;
    private const double LeastLiveRecall = 0.95;
    private const double MostLiveFalse = 0.03;

    [Fact]
    public void Every_rule_has_a_detector_or_a_reason() => Assert.All(RedactionScope.ReadTable(), static row =>
        Assert.True(row.Detectors is { Count: > 0 } != !string.IsNullOrWhiteSpace(row.OutOfScope), $"{row.Source} {row.Rule}"));

    [Fact]
    public void Wildcards_match_as_stated() => Expect("wildcard", static result => result.Missed.Concat(result.FalsePositives));

    [Fact]
    public void Nothing_is_left_that_the_Collector_takes_out() => Expect("collector", static result => result.Missed);

    [Fact]
    public void No_literal_of_a_statement_is_left() => Expect("sql", static result => result.Missed);

    [Fact]
    public void What_has_a_proof_is_found_and_nothing_else()
    {
        foreach (var (rule, recall, falsePositiveRate, _) in Results("detection").SelectMany(static result => result.LargeRules)
            .Where(static rule => rule.Rule is "credit-card" or "credit_card_recognizer" or "email_recognizer" or "iban_recognizer" or "jwt" or "privatekey"))
        {
            Assert.True(recall >= LeastRecall && falsePositiveRate <= MostFalse, $"{rule}: recall {recall:P1}, false positives {falsePositiveRate:P1}");
        }
    }

    [Fact]
    public void Lines_of_services_lose_their_secrets_and_nothing_else()
    {
        var all = new RedactionResult("live", "live", [.. Results("live").SelectMany(static result => result.Verdicts)]);

        Assert.True(
            all.Recall >= LeastLiveRecall && all.FalsePositiveRate <= MostLiveFalse,
            $"recall {all.Recall:P1}, false positives {all.FalsePositiveRate:P1}");
    }

    private static void Expect(string kind, Func<RedactionResult, IEnumerable<RedactionVerdict>> none)
    {
        string[] found = [.. Results(kind).SelectMany(result => none(result).Select(verdict => $"{result.Name} {verdict.Line}: {verdict.Shown}"))];
        Assert.True(found.Length == 0, $"{found.Length} cases:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }

    private static IEnumerable<RedactionResult> Results(string kind)
    {
        Assert.SkipWhen(Conformance.Redaction.Count == 0, Conformance.Corpora.HowToPoint);
        return Conformance.Redaction.Where(result => result.Kind == kind);
    }
}
