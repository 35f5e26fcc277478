using ZeroTrust.Samples.Tour.Mesh;
using ZeroTrust.Samples.Tour.Output;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Plays all scenarios in order and reports each.</summary>
internal static class Script
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. UserCalls.All, .. Peers.All, .. Contexts.All, .. StolenTokens.All, .. Readiness.All, .. Drain.All, .. TelemetryScenario.All, .. Rotation.All,
    ];

    /// <summary>Whether every row was as expected.</summary>
    public static async Task<bool> PlayAsync(TourMesh mesh, IReport report, CancellationToken cancellationToken)
    {
        var right = true;
        foreach (var scenario in All)
        {
            report.Progress($"scenario {scenario.Number} of {All.Count}: {scenario.Title}");
            var row = await PlayAsync(scenario, mesh, cancellationToken);
            right &= row.Ok;
            report.Add(row);
        }

        report.Finish();
        return right;
    }

    private static async Task<Row> PlayAsync(Scenario scenario, TourMesh mesh, CancellationToken cancellationToken)
    {
        var stage = new Stage(mesh);
        string? failure = null;
        var started = TimeProvider.System.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await scenario.PlayAsync(stage, limit.Token);
            mesh.ThrowIfAServiceDied();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failure = limit.IsCancellationRequested
                ? $"not over after {Longest.TotalSeconds} s"
                : exception is TourException ? exception.Message : exception.ToString();
        }

        var milliseconds = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        return new Row(scenario.Number, scenario.Title, stage.Steps, failure, milliseconds);
    }
}
