using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Databases;

/// <summary>A pgbouncer of this test alone, with one server connection.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";
    private readonly string _folder = Directory.CreateTempSubdirectory("zt-pgbouncer-").FullName;
    private Process? _process;

    internal static bool IsInstalled => File.Exists(Program);

    internal int Port { get; } = PostgresServer.FreePort();

    internal static async Task<PgBouncer> StartAsync(
        int server, string database, string role, CancellationToken cancellationToken, string mode = "transaction")
    {
        var bouncer = new PgBouncer();
        var settings = Path.Combine(bouncer._folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            settings,
            string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            {database} = host=127.0.0.1 port={server} dbname={database}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {bouncer.Port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {bouncer._folder}/users
            pool_mode = {mode}
            default_pool_size = 1
            ignore_startup_parameters = extra_float_digits
            """),
            cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(bouncer._folder, "users"), $"\"{role}\" \"\"\n", cancellationToken);
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", Program, "-q", settings] : [Program, "-q", settings];
        if (Environment.IsPrivilegedProcess)
        {
            using var own = Process.Start("chown", ["-R", "postgres", bouncer._folder]);
            await own.WaitForExitAsync(cancellationToken);
        }

        bouncer._process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, WorkingDirectory = bouncer._folder })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", bouncer.Port, deadline.Token);
                return bouncer;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
