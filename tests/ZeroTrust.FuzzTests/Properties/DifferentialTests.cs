using ZeroTrust.FuzzTests.Differential;

namespace ZeroTrust.FuzzTests.Properties;

public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const ulong Seed = 20260601;
    private const int Chains = 2_000;

    [Fact]
    public void What_we_accept_the_platform_accepts_or_refuses_for_a_known_reason()
    {
        var tally = new Tally();
        DifferentialRun.Run(Seed, 0..Chains, tally, progress: null, TestContext.Current.CancellationToken);

        output.WriteLine($"{tally.BothAccept} accepted and {tally.BothRefuse} refused by both; {string.Join(", ", tally.AcceptedByUsOnly)}");
        Assert.Empty(tally.Findings);
        Assert.Equal(Chains, tally.Judged);

        // A generator that makes only refused chains would prove nothing.
        Assert.InRange(tally.BothAccept, Chains / 10, Chains);
        Assert.InRange(tally.RefusedByUsOnly.Values.Sum(), 1, Chains / 2);
    }
}
