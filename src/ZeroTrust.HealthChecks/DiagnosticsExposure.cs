namespace ZeroTrust.HealthChecks;

/// <summary>A way into a running process, or a text about its insides, that a service outside Development keeps closed.</summary>
/// <remarks>Each stops the host outside Development, and is told as information in it. <see cref="HealthDangers.AllowDiagnostics"/> takes one out.</remarks>
public enum DiagnosticsExposure
{
    /// <summary>None; refused where one is asked for.</summary>
    Unspecified = 0,

    /// <summary>
    /// The runtime's diagnostic port: any process of the same user can take a dump of the memory, keys and tokens included, or attach a profiler.
    /// Closed by <c>DOTNET_EnableDiagnostics=0</c> or <c>DOTNET_EnableDiagnostics_IPC=0</c>; <c>DOTNET_DiagnosticPorts</c> opens further ones.
    /// </summary>
    DiagnosticPort = 1,

    /// <summary>The runtime's debugger pipes. Closed by <c>DOTNET_EnableDiagnostics=0</c> or <c>DOTNET_EnableDiagnostics_Debugger=0</c>.</summary>
    DebuggerPipe = 2,

    /// <summary>A profiler that is loaded at start: <c>CORECLR_ENABLE_PROFILING</c>, <c>CORECLR_ENABLE_NOTIFICATION_PROFILERS</c>. It can change every method.</summary>
    Profiler = 3,

    /// <summary>Code that runs before the program's own: <c>DOTNET_STARTUP_HOOKS</c>, <c>DOTNET_ADDITIONAL_DEPS</c>.</summary>
    StartupHook = 4,

    /// <summary>Assemblies that configure the host from outside: <c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>.</summary>
    HostingStartup = 5,

    /// <summary>Exceptions in answers: <c>ASPNETCORE_DETAILEDERRORS</c>, or gRPC's <c>EnableDetailedErrors</c>.</summary>
    DetailedErrors = 6,

    /// <summary>The developer exception page, which shows source, headers and cookies, or a filter that adds the database's errors to it.</summary>
    DeveloperExceptionPage = 7,

    /// <summary>Entity Framework's migrations endpoint, which changes the database for whoever calls it.</summary>
    MigrationsEndpoint = 8,
}
