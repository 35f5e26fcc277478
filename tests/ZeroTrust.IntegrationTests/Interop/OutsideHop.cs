using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ZeroTrust.IntegrationTests.Interop;

/// <summary>A running hop of another language.</summary>
internal sealed class OutsideHop : IDisposable
{
    private const string Listening = "listening ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OutsideHop(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(new InvalidOperationException($"The hop has ended: {Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where its contexts are sent.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What it wrote.</summary>
    public string Output => string.Join('\n', _lines);

    public static async Task<OutsideHop> StartAsync(Language language, string settingsFile)
    {
        var hop = new OutsideHop(language.Start("hop", settingsFile));
        try
        {
            var port = await hop._port.Task.WaitAsync(TestContext.Current.CancellationToken);
            hop.Address = new Uri($"https://127.0.0.1:{port}/context");
            return hop;
        }
        catch
        {
            hop.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _port.TrySetResult(int.Parse(line.AsSpan(Listening.Length), CultureInfo.InvariantCulture));
        }
    }
}
