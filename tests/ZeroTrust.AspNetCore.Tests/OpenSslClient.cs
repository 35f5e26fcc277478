using System.Diagnostics;
using System.Net;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A TLS client that offers what no client of the platform would: <c>openssl s_client</c>.</summary>
internal static class OpenSslClient
{
    /// <summary>Connects, sends the text and reads what comes until the end.</summary>
    /// <returns>All output, of both kinds.</returns>
    public static async Task<string> RunAsync(IPEndPoint endPoint, string arguments, string send = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("openssl", $"s_client -connect {endPoint} {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await process.StandardInput.WriteAsync(send.AsMemory(), cancelled);
            await process.StandardInput.FlushAsync(cancelled);
        }
        catch (IOException)
        {
            // Refused and gone before it was asked.
        }

        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var error = process.StandardError.ReadToEndAsync(cancelled);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(deadline.Token);
        return await output + await error;
    }

    /// <summary>Whether there is one.</summary>
    public static bool IsInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", "version") { UseShellExecute = false, RedirectStandardOutput = true });
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
