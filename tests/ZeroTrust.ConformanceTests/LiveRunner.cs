namespace ZeroTrust.ConformanceTests;

/// <summary>Runs cases as live handshakes, both directions.</summary>
internal static class LiveRunner
{
    private const int AtOnce = 4;

    public static async Task<IReadOnlyList<LiveResult>> RunAllAsync(IEnumerable<FileResult> files)
    {
        var results = new List<LiveResult>();
        foreach (var file in files.Where(file => LiveResult.CandidatesOf(file.File).Length > 0))
        {
            foreach (var peer in Enum.GetValues<LiveSide>())
            {
                results.Add(new(file.File, peer, await RunAsync([.. file.Judged.Where(judged => judged.Test.Key is not null)], peer)));
            }
        }

        return results;
    }

    private static async Task<LiveCase[]> RunAsync(JudgedCase[] cases, LiveSide peer)
    {
        var results = new LiveCase[cases.Length];
        await Parallel.ForAsync(0, cases.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) =>
            results[index] = await LiveHandshake.RunAsync(cases[index], peer));
        return results;
    }
}
