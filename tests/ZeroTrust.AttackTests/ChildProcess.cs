using System.Diagnostics;
using System.Globalization;

namespace ZeroTrust.AttackTests;

/// <summary>This program as a child process, driven by lines. It ends when its input ends, so it cannot outlive its parent.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public long PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.PeakWorkingSet64 / (1024 * 1024);
        }
    }

    public TimeSpan Processor => UserProcessor + SystemProcessor;

    public TimeSpan UserProcessor => _process.HasExited ? TimeSpan.Zero : _process.UserProcessorTime;

    public TimeSpan SystemProcessor => _process.HasExited ? TimeSpan.Zero : _process.PrivilegedProcessorTime;

    public static ChildProcess Start(params object[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.TryAdd("DOTNET_EnableDiagnostics", "0"); // open diagnostics keep a host with health from starting
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        return new ChildProcess(Process.Start(start)!);
    }

    public async Task<string> ReadAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException("A child process ended early.");

    public async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
