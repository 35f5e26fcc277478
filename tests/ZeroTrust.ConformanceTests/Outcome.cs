namespace ZeroTrust.ConformanceTests;

/// <summary>How we judged a case.</summary>
/// <param name="Accepted">Whether every policy of it accepts.</param>
/// <param name="Code">The rejection code, or <c>accepted</c>.</param>
/// <param name="Detail">What the operator would read.</param>
internal sealed record Outcome(bool Accepted, string Code, string Detail)
{
    public const string Threw = "threw";

    /// <summary>Whether the verdict is no judgement but a defect of ours.</summary>
    public bool IsDefect => Code is Threw or "x509.verification_failed" or "x509.unspecified" or "zerotrust.not_evaluated";

    public static Outcome Of(Rejection rejection)
    {
        var facts = new[] { ("expected", rejection.Expected), ("presented", rejection.Presented), ("at", rejection.At?.ToString("O")) };
        var stated = facts.Where(fact => fact.Item2 is not null).Select(fact => $"{fact.Item1} {fact.Item2}");
        return new(Accepted: false, rejection.Code, string.Join("; ", stated.Prepend(rejection.Detail)));
    }
}
