using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>What the services of the mesh have in common.</summary>
internal static class MeshHost
{
    public static WebApplicationBuilder CreateBuilder(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        var log = new EventLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(log);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<RequestCount>();
        builder.Services.AddZeroTrust().InTestProcess();
        return builder;
    }

    /// <summary>The application with its protected pipeline, and a count before it of what came in.</summary>
    public static WebApplication BuildProtected(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        var count = app.Services.GetRequiredService<RequestCount>();
        app.Use((_, next) =>
        {
            count.Increment();
            return next();
        });
        app.UseZeroTrust();
        return app;
    }

    /// <summary>Starts the host and waits until it admits calls.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        var hub = app.Services.GetRequiredService<ReadinessHub>();
        for (var state = hub.Current; !state.IsReady; state = await hub.WaitForChangeAsync(state.Version, cancellationToken))
        {
        }
    }

    public static Uri AddressOf(WebApplication app, string listener) =>
        new($"https://{app.Services.GetRequiredService<BoundListeners>().GetEndPoint(listener)}");
}
