using System.Diagnostics;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>One service as a child process: started with its settings in the environment, stopped on dispose.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(8);

    // What a person's shell or a container image may set, and the services must not take up.
    private static readonly string[] Inherited =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "ASPNETCORE_CONTENTROOT"];

    private readonly Undertaker _undertaker;
    private readonly string _assembly;
    private readonly LogTail _log = new(60);
    private Process? _process;
    private bool _stopping;

    public ServiceProcess(string name, string project, IReadOnlyDictionary<string, string> settings, Undertaker undertaker)
    {
        Name = name;
        Settings = settings;
        _undertaker = undertaker;
        _assembly = BuiltAssembly(project);
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>What the process wrote last.</summary>
    public string Log => _log.ToString();

    /// <summary>Whether it ended without having been asked to.</summary>
    public bool Died => _process is { HasExited: true } && !_stopping;

    public void Start()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = Path.GetDirectoryName(_assembly)!,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(_assembly);
        foreach (var inherited in Inherited)
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in Settings)
        {
            start.Environment[name] = value;
        }

        _stopping = false;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _log.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        _process.Start();
        _undertaker.Watch(_process.Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Throws, with the log's tail, when the process has died.</summary>
    public void ThrowIfDead()
    {
        if (Died)
        {
            throw new TourException($"{Name} ended with exit code {_process!.ExitCode}. Its last lines:{Environment.NewLine}{Log}");
        }
    }

    /// <summary>SIGTERM; completes when the process has ended. Its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        if (_process is null)
        {
            return 0;
        }

        _stopping = true;
        if (!_process.HasExited)
        {
            Signals.Terminate(_process);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        _stopping = true;
        try
        {
            using var patience = new CancellationTokenSource(KillAfter);
            await TerminateAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _process = null;
    }

    // The Tour's own output folder is samples/Tour/bin/<configuration>/<framework>/; the services' lie beside it.
    private static string BuiltAssembly(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var samples = own.Parent?.Parent?.Parent?.Parent?.FullName
            ?? throw new TourException($"The Tour runs from {own.FullName}; run it with `dotnet run --project samples/Tour`.");
        var assembly = Path.Combine(samples, project, "bin", own.Parent!.Name, own.Name, project + ".dll");
        return File.Exists(assembly)
            ? assembly
            : throw new TourException($"{assembly} is not built; run the Tour with `dotnet run --project samples/Tour`.");
    }
}
