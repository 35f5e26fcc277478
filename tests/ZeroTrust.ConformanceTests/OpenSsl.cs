using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ZeroTrust.ConformanceTests;

/// <summary>One hostile TLS peer: an openssl process that presents what it is told to, and dies with this object.</summary>
internal sealed class OpenSsl : IAsyncDisposable
{
    public const string HowToGet = "No openssl on the PATH; install the OpenSSL command line, 3.0 or later.";

    private const string Accepting = "ACCEPT ";

    private static readonly Lazy<string?> Found = new(FindVersion);
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringBuilder _output = new();
    private readonly CancellationTokenRegistration _deadline;

    private OpenSsl(IEnumerable<string> arguments, CancellationToken deadline)
    {
        _process = Launch(arguments);
        _deadline = deadline.Register(Kill);
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        Exited = _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>The version found; null where there is none.</summary>
    public static string? Version => Found.Value;

    public Task Exited { get; }

    /// <summary>Whether what it has written so far holds the text.</summary>
    public bool Printed(string text) => _output.ToString().Contains(text, StringComparison.Ordinal);

    public static OpenSsl Connect(int port, IEnumerable<string> credential, CancellationToken deadline) =>
        new(["s_client", "-connect", $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", "-quiet", .. credential], deadline);

    /// <summary>Listens for one connection, on a port the system chooses, and asks it for a certificate.</summary>
    public static OpenSsl Listen(IEnumerable<string> credential, CancellationToken deadline) =>
        new(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-Verify", "8", .. credential], deadline);

    /// <summary>The port it listens on; null when it ended without listening.</summary>
    public async Task<int?> ReadPortAsync(CancellationToken cancellationToken)
    {
        if (!await ReadUntilAsync(Accepting, cancellationToken) || !await ReadUntilAsync("\n", cancellationToken, Accepting))
        {
            return null;
        }

        var line = _output.ToString().Split('\n').First(text => text.StartsWith(Accepting, StringComparison.Ordinal));
        return int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>Has it send a line to its peer as soon as it regards the handshake as done.</summary>
    public async Task SendAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteAsync(line + "\n");
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended already; why is told by its errors.
        }
    }

    /// <summary>Reads what it writes up to a text; false when it ended before.</summary>
    public async Task<bool> ReadUntilAsync(string text, CancellationToken cancellationToken, string after = "")
    {
        var buffer = new char[4096];
        while (true)
        {
            var written = _output.ToString();
            var from = written.IndexOf(after, StringComparison.Ordinal);
            if (from >= 0 && written.IndexOf(text, from + after.Length, StringComparison.Ordinal) >= 0)
            {
                return true;
            }

            var count = await _process.StandardOutput.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return false;
            }

            _output.Append(buffer, 0, count);
        }
    }

    /// <summary>Waits for its end, reading the rest of what it writes.</summary>
    /// <returns>The last error it told; null when it told none.</returns>
    public async Task<string?> FinishAsync(CancellationToken deadline)
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(deadline));
        await Exited;
        var lines = (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.LastOrDefault(line => line.Contains(":error:", StringComparison.Ordinal)) is { } error
            ? string.Join(": ", error.Split(':').Skip(5).Take(1))
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        await _deadline.DisposeAsync();
        _process.Dispose();
    }

    private static Process Launch(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("openssl", arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;

    private static string? FindVersion()
    {
        try
        {
            using var process = Launch(["version"]);
            return process.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } version ? version : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
