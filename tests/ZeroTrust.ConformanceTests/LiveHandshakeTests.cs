namespace ZeroTrust.ConformanceTests;

public sealed class LiveHandshakeTests
{
    [Theory]
    [InlineData(LiveSide.Client)]
    [InlineData(LiveSide.Server)]
    public async Task Every_case_with_a_key_ends_as_its_file_run_does(LiveSide peer)
    {
        var results = await RunAsync(peer);

        Assert.Empty(results.SelectMany(result => result.Disagreeing).Select(live => live.ToString()));
    }

    [Theory]
    [InlineData(LiveSide.Client)]
    [InlineData(LiveSide.Server)]
    public async Task Both_answers_occur(LiveSide peer)
    {
        var results = await RunAsync(peer);

        Assert.Contains(results.SelectMany(result => result.Cases), live => live.Live is { Accepted: true });
        Assert.Contains(results.SelectMany(result => result.Cases), live => live.Live is { Accepted: false });
    }

    private static async Task<LiveResult[]> RunAsync(LiveSide peer)
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        LiveResult[] results = [.. (await Conformance.RunLiveAsync()).Where(result => result.Peer == peer)];
        Assert.SkipWhen(results.Length == 0, Conformance.Corpora.HowToPoint);
        Array.ForEach(results, result => TestContext.Current.TestOutputHelper?.WriteLine(result.ToString()));
        return results;
    }
}
