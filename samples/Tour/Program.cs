using System.Runtime.InteropServices;
using ZeroTrust.Samples.Tour.Mesh;
using ZeroTrust.Samples.Tour.Output;
using ZeroTrust.Samples.Tour.Scenarios;

namespace ZeroTrust.Samples.Tour;

/// <summary>Starts the mesh, walks through it, stops it.</summary>
internal static class Program
{
    private const int AsExpected = 0;
    private const int NotAsExpected = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] args)
    {
        var json = args.Contains("--json", StringComparer.Ordinal);
        var serve = args.Contains("--serve", StringComparer.Ordinal);
        if (args.Except(["--json", "--serve"], StringComparer.Ordinal).Any() || (json && serve))
        {
            await Console.Error.WriteLineAsync("Tour [--json | --serve]");
            return Misused;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        IReport report = json
            ? new JsonReport(Console.Out, Console.Error)
            : new TableReport(Console.Out, interactive: !Console.IsOutputRedirected);
        try
        {
            await using var mesh = await TourMesh.StartAsync(report.Progress, stop.Token);
            if (serve)
            {
                await Serve.RunAsync(mesh, Console.Out, stop.Token);
                return AsExpected;
            }

            var right = await Script.PlayAsync(mesh, report, stop.Token);
            return right ? AsExpected : NotAsExpected;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted; everything is stopped.");
            return Interrupted;
        }
        catch (TourException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return NotAsExpected;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
