using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>A server of OpenSSL, which tells clients by alerts what it refuses.</summary>
internal sealed class OpenSslServer(Process process, string folder, int port) : IAsyncDisposable
{
    public Uri Address { get; } = new($"https://localhost:{port}");

    public static OpenSslServer? TryStart(TestCertificate shown, TestCertificateAuthority believed, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-").FullName;
        var (certificate, key) = shown.WriteTo(folder, "server");
        var port = FreePort();
        try
        {
            return new OpenSslServer(
                Process.Start(new ProcessStartInfo(
                    "openssl",
                    [
                        "s_server", "-accept", port.ToString(CultureInfo.InvariantCulture), "-cert", certificate, "-cert_chain",
                        certificate, "-key", key, "-Verify", "3", "-verify_return_error", "-CAfile", believed.WriteAnchorTo(folder), "-quiet",
                        .. options,
                    ])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    RedirectStandardInput = true,
                })!,
                folder,
                port);
        }
        catch (Win32Exception)
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
    }

    public Task ListensAsync() => Eventually.TrueAsync(
        () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "openssl does not listen");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
