using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ZeroTrust.Tests.Postgres;

/// <summary>A PostgreSQL server of this run alone, on a free port and in a temporary folder.</summary>
public class PostgresProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static int _databases;

    private readonly string? _programs = FindPrograms();
    private readonly string _folder = Directory.CreateTempSubdirectory("zt-postgres-").FullName;
    private Process? _server;

    /// <summary>The folder of the server, which it may read.</summary>
    public string Folder => _folder;

    /// <summary>Whether there is one.</summary>
    public bool IsInstalled => _programs is not null;

    public int Port { get; private set; }

    /// <summary>Settings of the server beside those of every test.</summary>
    protected virtual string[] Settings => [];

    /// <summary>The superuser's connection string for a database.</summary>
    public string ConnectionString(string database = "postgres", string user = "postgres") =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={user};Maximum Pool Size=50");

    /// <summary>Makes an empty database.</summary>
    public string CreateDatabase(string owner = "postgres")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        Execute(ConnectionString(), $"CREATE DATABASE {name} OWNER {owner}");
        return name;
    }

    public static void Execute(string connectionString, string sql)
    {
        using var source = NpgsqlDataSource.Create(connectionString);
        using var command = source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>A port nothing listens on.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Starts the server, where one is installed.</summary>
    public async ValueTask InitializeAsync()
    {
        if (_programs is null)
        {
            return;
        }

        Port = FreePort();
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "postgres", _folder);
        }

        var data = Path.Combine(_folder, "data");
        Run(AsPostgres("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        _server = Start(AsPostgres(
            "postgres", ["-D", data, "-k", _folder, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-c",
                "fsync=off", "-c", "max_connections=200", .. Settings]));
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            Run(AsPostgres("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-W", "stop"));
            await _server.WaitForExitAsync(CancellationToken.None);
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // Another version than Debian's by its folder of programs.
    private static string? FindPrograms() => Environment.GetEnvironmentVariable("ZEROTRUST_POSTGRES_BIN") is { Length: > 0 } folder
        ? folder : Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
        : null;

    // The server refuses to run as root.
    private string[] AsPostgres(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? ["runuser", "-u", "postgres", "--", Path.Combine(_programs!, program), .. arguments]
            : [Path.Combine(_programs!, program), .. arguments];

    private Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Run(params string[] command)
    {
        using var process = Start(command);
        if (!process.WaitForExit(StartDeadline) || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} failed.");
        }
    }

    private async Task WaitAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString());
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(deadline.Token);
                return;
            }
            catch (NpgsqlException) when (!deadline.IsCancellationRequested && !_server!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
            }
        }
    }
}
