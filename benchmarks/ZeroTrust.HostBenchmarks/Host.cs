using System.Globalization;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using ZeroTrust.AspNetCore;
using ZeroTrust.AttackTests;
using ZeroTrust.Mtls;

namespace ZeroTrust.HostBenchmarks;

/// <summary>The host that is measured: one endpoint that answers two bytes.</summary>
internal static class Host
{
    public static async Task<int> RunAsync(HostVariant variant, int sink, string folder)
    {
        var builder = WebApplication.CreateBuilder();

        // The standard output is the parent's; errors of the host go to its own standard error.
        builder.Logging.ClearProviders()
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddFilter<ConsoleLoggerProvider>(static level => level >= LogLevel.Warning)
            .SetMinimumLevel(LogLevel.Warning);
        if (variant.HasFlag(HostVariant.Ours))
        {
            Add(builder, folder);
        }
        else
        {
            Listen(builder, Mesh.CredentialOf(folder, "orders"));
        }

        Export(builder, variant, sink);
        if (variant.HasFlag(HostVariant.Redacted))
        {
            builder.Services.AddZeroTrust().AddRedaction();
        }

        await using var app = builder.Build();
        Map(app, variant);
        await app.StartAsync();
        Console.WriteLine(PortOf(app, variant));
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(GC.GetTotalAllocatedBytes());
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        return 0;
    }

    /// <summary>Mutual TLS as the platform has it, with a check that accepts every certificate.</summary>
    private static void Listen(WebApplicationBuilder builder, PeerCredential credential) => builder.WebHost.ConfigureKestrel(kestrel =>
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = credential.CertificateContext,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = static (_, client, _, _) => client is not null,
            }),
        })));

    private static void Add(WebApplicationBuilder builder, string folder)
    {
        builder.Configuration.AddInMemoryCollection(Settings(folder));
        builder.Services.AddZeroTrust().AddMtls().AddListeners().AddAuthz().AddAuthzEndpoints().AddAuthzGrpc().AddHealthChecks();
        builder.Services.AddAuthentication();
    }

    private static void Export(WebApplicationBuilder builder, HostVariant variant, int sink)
    {
        if (variant.HasFlag(HostVariant.Traced))
        {
            builder.Services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("ZeroTrust.*")
                    .AddOtlpExporter(otlp => Send(otlp, sink, "traces")));
        }

        if (variant.HasFlag(HostVariant.Logged))
        {
            builder.Logging.SetMinimumLevel(LogLevel.Information);
            builder.Services.AddOpenTelemetry().WithLogging(
                logging => logging.AddOtlpExporter(otlp => Send(otlp, sink, "logs")),
                static options => options.IncludeScopes = true);
        }
    }

    private static void Send(OtlpExporterOptions otlp, int sink, string signal)
    {
        otlp.Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sink}/v1/{signal}"));
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    private static void Map(WebApplication app, HostVariant variant)
    {
        if (!variant.HasFlag(HostVariant.Ours))
        {
            app.MapGet("/orders/{id}", static (string id) => "ok");
            return;
        }

        app.UseZeroTrust();
        app.MapGet("/orders/{id}", static (string id) => "ok").RequirePermission("orders:read");
    }

    private static int PortOf(WebApplication app, HostVariant variant) => variant.HasFlag(HostVariant.Ours)
        ? app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh").Port
        : new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static Dictionary<string, string?> Settings(string folder) => new(
        Mesh.Settings(folder, "orders"), StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
        ["ZeroTrust:Listeners:mesh:Peers:0"] = TestMesh.Gateway,
    };
}
