namespace ZeroTrust.Tests;

public sealed class VerdictTests
{
    private static readonly Rejection Refusal = new("test.refused", "for the test", RejectionKind.Forbidden);

    [Fact]
    public void Default_is_refused_as_not_evaluated()
    {
        var verdict = default(Verdict<string>);

        Assert.False(verdict.IsAccepted);
        Assert.Same(Rejection.NotEvaluated, verdict.Rejection);
        Assert.Equal(RejectionKind.Unspecified, verdict.Rejection!.Kind);
    }

    [Fact]
    public void Accepted_carries_the_proof_and_no_rejection()
    {
        Verdict<string> verdict = "proof";

        Assert.True(verdict.IsAccepted);
        Assert.Equal("proof", verdict.Value);
        Assert.Null(verdict.Rejection);
        Assert.True(verdict.TryGet(out var value, out var rejection));
        Assert.Equal("proof", value);
        Assert.Null(rejection);
    }

    [Fact]
    public void Refused_carries_the_rejection_and_no_proof()
    {
        Verdict<string> verdict = Refusal;

        Assert.False(verdict.IsAccepted);
        Assert.Null(verdict.Value);
        Assert.Same(Refusal, verdict.Rejection);
        Assert.False(verdict.TryGet(out _, out var rejection));
        Assert.Same(Refusal, rejection);
    }

    [Fact]
    public void Accepting_null_is_a_programming_error() =>
        Assert.Throws<ArgumentNullException>(() => Verdict.Accept<string>(null!));

    [Fact]
    public void Throwing_names_the_code_and_hides_the_detail()
    {
        Verdict<string> verdict = Refusal;

        var thrown = Assert.Throws<RejectionException>(() => verdict.GetOrThrow());

        Assert.Same(Refusal, thrown.Rejection);
        Assert.Equal("test.refused", thrown.Message);
    }

    [Fact]
    public void Equality_follows_the_proof_and_the_rejection()
    {
        Assert.Equal(Verdict.Accept("a"), Verdict.Accept("a"));
        Assert.NotEqual(Verdict.Accept("a"), Verdict.Accept("b"));
        Assert.NotEqual(Verdict.Accept("a"), Verdict.Refuse<string>(Refusal));
        Assert.True(Verdict.Refuse<string>(Refusal) == Verdict.Refuse<string>(Refusal));
        Assert.True(default != Verdict.Refuse<string>(Refusal));
    }
}
