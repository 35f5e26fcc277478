using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A real host on real Kestrel, bound to loopback and a free port.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private TestHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    /// <summary>The settings of one mesh listener.</summary>
    public static Dictionary<string, string?> MeshListener(string role = "Mesh", string name = "mesh") => new(StringComparer.OrdinalIgnoreCase)
    {
        [$"ZeroTrust:Listeners:{name}:Url"] = "https://127.0.0.1:0",
        [$"ZeroTrust:Listeners:{name}:Role"] = role,
        [$"ZeroTrust:Listeners:{name}:Peers:0"] = Mesh.Client,
    };

    public static Dictionary<string, string?> EdgeListener() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:edge:Role"] = "Edge",
    };

    public static Dictionary<string, string?> ProbeListener() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Listeners:probe:Url"] = "http://127.0.0.1:0",
        ["ZeroTrust:Listeners:probe:Role"] = "Probe",
    };

    public static WebApplication Build(
        IDictionary<string, string?> settings,
        Mesh? mesh = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddFakeLogging();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var zeroTrust = builder.Services.AddZeroTrust().AddListeners();
        if (mesh is not null)
        {
            builder.Services.AddSingleton<IPeerCredentialSource>(mesh.Credentials);
            builder.Services.AddSingleton<ITrustBundleSource>(mesh.Bundles);
            zeroTrust.AddMtls(options => options.TrustDomain = Mesh.Domain);
        }

        build?.Invoke(builder);
        var app = builder.Build();
        app.UseListenerGuard();
        app.UsePeerCurrency();
        app.UseForwardedCertificates();
        app.UseRouting();
        app.UseListenerRoles();
        app.UseAuthorization();
        use?.Invoke(app);
        return app;
    }

    public static async Task<TestHost> StartAsync(
        IDictionary<string, string?> settings,
        Mesh? mesh = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        TimeProvider? time = null)
    {
        var app = Build(settings, mesh, build, use, time);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new TestHost(app);
        }
        catch
        {
            // Its watchers of files are of a number that all tests share.
            await app.DisposeAsync();
            throw;
        }
    }

    public IPEndPoint EndPoint(string listener) => Services.GetRequiredService<BoundListeners>().GetEndPoint(listener);

    /// <summary>Waits for an event of the product's log.</summary>
    public async Task<FakeLogRecord> WaitForEventAsync(string name)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (Logs.GetSnapshot().FirstOrDefault(record => record.Id.Name == name) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }

    public bool Logged(string name) => Logs.GetSnapshot().Any(record => record.Id.Name == name);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
