using System.Collections.Concurrent;
using System.Globalization;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>Random chains under random attacks: a receiver believes exactly what the oracle does. ZEROTRUST_CHAINS and ZEROTRUST_SEED change count and seed.</summary>
public sealed class ChainPropertyTests(ITestOutputHelper output)
{
    private const int Workers = 2;

    [Fact]
    public async Task A_receiver_believes_what_is_honest_and_nothing_else()
    {
        var count = Setting("ZEROTRUST_CHAINS", 100_000);
        var seed = (ulong)Setting("ZEROTRUST_SEED", 20260601);
        var tallies = new ConcurrentDictionary<string, Tally>(StringComparer.Ordinal);
        var wrong = new ConcurrentQueue<string>();

        // A world is not shared: the deny-list of one case is for that case alone.
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(
            () =>
            {
                using var world = new ChainWorld();
                for (var index = worker; index < count && wrong.Count < 20; index += Workers)
                {
                    Try(world, Dice.Of(seed, index), index, tallies, wrong);
                }
            },
            TestContext.Current.CancellationToken)));

        output.WriteLine($"{count} chains, seed {seed}, each received once to three times");
        foreach (var (name, tally) in tallies.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{name}: {tally.Honest} honest, {tally.Dishonest} dishonest");
        }

        Assert.Empty(wrong);
        if (count >= 10_000)
        {
            Assert.All(tallies, pair => Assert.True(pair.Key == "none" || pair.Value.Dishonest > 0 || pair.Value.Honest > 0, pair.Key));
            Assert.True(tallies["none"].Honest > 0 && tallies["none"].Dishonest == 0, "What nobody touched is honest.");
        }
    }

    private static void Try(ChainWorld world, Dice dice, int index, ConcurrentDictionary<string, Tally> tallies, ConcurrentQueue<string> wrong)
    {
        var honest = new HonestChains(world, dice);
        var original = honest.Draw();
        var attacks = new Attacks(world, honest, dice).All;
        var (name, apply) = dice.OneIn(4) ? attacks[0] : dice.Pick(attacks);

        // What was believed before is remembered, and must not help who comes with it next.
        if (dice.OneIn(2) && !world.Receive(original).IsAccepted)
        {
            wrong.Enqueue($"{index}: an untouched chain was refused before '{name}': {world.Receive(original).Rejection}");
        }

        var shown = apply(original);
        var isHonest = new Oracle(world).IsHonest(shown);
        tallies.GetOrAdd(name, _ => new Tally()).Count(isHonest);
        for (var times = 1 + dice.Below(2); times > 0; times--)
        {
            var verdict = world.Receive(shown);
            if (verdict.IsAccepted != isHonest || (verdict.TryGet(out var context, out _) && !Says(context, shown)))
            {
                wrong.Enqueue($"{index} '{name}': {(isHonest ? "honest" : "dishonest")}, and {verdict.Rejection?.ToString() ?? "accepted"}");
            }
        }
    }

    private static bool Says(AuthzContext context, Presentation shown) =>
        context.Tenant.ToString() == shown.Root.Tenant
        && context.Subject.ToString() == shown.Root.Subject
        && context.Permissions.Equals(PermissionSet.Create(shown.Last.Scope))
        && context.ExpiresAt.ToUnixTimeSeconds() == shown.Last.ExpiresAt
        && context.CallChain.Select(workload => workload.ToString()).SequenceEqual(shown.Links.Select(link => link.To).Prepend(shown.Root.Requester), StringComparer.Ordinal);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private sealed class Tally
    {
        private int _honest;
        private int _dishonest;

        public int Honest => _honest;

        public int Dishonest => _dishonest;

        public void Count(bool isHonest) => Interlocked.Increment(ref isHonest ? ref _honest : ref _dishonest);
    }
}
