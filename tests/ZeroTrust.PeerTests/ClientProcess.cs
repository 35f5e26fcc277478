using System.Diagnostics;
using ZeroTrust.PeerTests.Service;

namespace ZeroTrust.PeerTests;

/// <summary>A foreign client at work.</summary>
internal sealed class ClientProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ClientProcess(ForeignClient client, string mode, Uri address, ClientFiles files)
    {
        var start = new ProcessStartInfo(client.Program, client.ArgumentsOf(mode, address, files))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = ForeignClient.NodeModules;
        start.Environment["NO_PROXY"] = "localhost";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Makes one call.</summary>
    /// <returns>What the client prints, on one line.</returns>
    public static async Task<string> CallAsync(ForeignClient client, Uri address, ClientFiles files)
    {
        using var process = new ClientProcess(client, "once", address, files);
        try
        {
            if (client.Program == "openssl")
            {
                await process._process.StandardInput.WriteAsync("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                await process._process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            }
            else
            {
                process._process.StandardInput.Close();
            }
        }
        catch (IOException)
        {
            // It is gone already.
        }

        var output = await process._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return string.Join(' ', $"{output} {await process._errors.WaitAsync(Patience)}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Begins to call, and returns when the first call was served.</summary>
    public static async Task<ClientProcess> LoadAsync(ForeignClient client, Uri address, ClientFiles files)
    {
        var process = new ClientProcess(client, "load", address, files);
        var line = await process._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        Assert.True(line == "running", $"{client.Name}: {line} {(process._process.HasExited ? await process._errors : string.Empty)}");
        return process;
    }

    /// <summary>Ends the calls.</summary>
    /// <returns>How many calls were served and lost, and how the first was lost.</returns>
    public async Task<string> StopAsync()
    {
        _process.StandardInput.Close();
        return (await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience)).Trim();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
