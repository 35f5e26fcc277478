using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>A real service on real Kestrel: probe listeners for HTTP/1.1 and h2c, one of the mesh and one for management. Only the clock is the test's.</summary>
internal sealed class HealthHost : IAsyncDisposable
{
    public const ListenerRoles Everywhere = ListenerRoles.Edge | ListenerRoles.Mesh | ListenerRoles.Probe | ListenerRoles.Management;

    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);

    /// <summary>A unary gRPC method that echoes.</summary>
    public static readonly Method<byte[], byte[]> Rpc = new(MethodType.Unary, "test.Echo", "Echo", Bytes, Bytes);

    private readonly GrpcChannel _meshChannel;

    private HealthHost(WebApplication app, FakeTimeProvider time, HealthMesh mesh)
    {
        App = app;
        Time = time;
        Mesh = mesh;
        Http1 = new Uri($"http://{EndPoint("a")}");
        Http2 = new Uri($"http://{EndPoint("b")}");
        Client1 = NewClient(Http1, HttpVersion.Version11);
        Client2 = NewClient(Http2, HttpVersion.Version20);
        Channel = GrpcChannel.ForAddress(Http2);
        Prober = new Health.HealthClient(Channel);
        _meshChannel = NewMeshChannel();
        Health = new Health.HealthClient(_meshChannel);
    }

    public WebApplication App { get; }

    public FakeTimeProvider Time { get; }

    public Uri Http1 { get; }

    public Uri Http2 { get; }

    public HttpClient Client1 { get; }

    public HttpClient Client2 { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Health as a kubelet asks: over plain text.</summary>
    public Health.HealthClient Prober { get; }

    /// <summary>Health as a workload of the mesh asks: with its certificate.</summary>
    public Health.HealthClient Health { get; }

    public HealthMesh Mesh { get; }

    public ReadinessHub Hub => App.Services.GetRequiredService<ReadinessHub>();

    /// <summary>The names of the events logged so far.</summary>
    public IReadOnlyList<string?> Events() => [.. App.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Id.Name)];

    public static async Task<HealthHost> StartAsync(
        Action<HealthOptions>? configure = null, Action<IEndpointRouteBuilder>? map = null, Action<IServiceCollection>? services = null,
        Action<IServiceCollection>? before = null)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var mesh = new HealthMesh(time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Listeners:a:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:a:Role"] = "Probe",
            ["ZeroTrust:Listeners:b:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:b:Role"] = "Probe",
            ["ZeroTrust:Listeners:b:Protocols"] = "Http2",
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = HealthMesh.Caller,
            ["ZeroTrust:Listeners:management:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:management:Role"] = "Management",
            ["ZeroTrust:Listeners:management:Peers:0"] = HealthMesh.Operator,
            ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:edge:Role"] = "Edge",
        });
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(time);
        before?.Invoke(builder.Services);
        builder.Services.AddRouting();
        mesh.AddTo(builder.Services);
        builder.Services.AddZeroTrust().AddMtls(options => options.TrustDomain = HealthMesh.Domain).AddListeners().AddHealthChecks(configure).DangerousHealthChecks(dangers => dangers
            .AllowDiagnostics(DiagnosticsExposure.DiagnosticPort, "A test process.")
            .AllowDiagnostics(DiagnosticsExposure.DebuggerPipe, "A test process."));
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseListenerGuard();
        app.UsePeerCurrency();
        app.UseForwardedCertificates();
        app.UseRouting();
        app.UseAdmissionGate();
        app.UseListenerRoles();
        app.UseAuthorization();
        app.MapZeroTrustHealth();
        app.MapMethods("/work", ["GET", "POST"], WorkAsync).AllowPublic("test").OnListeners(Everywhere);
        app.MapPost(Rpc.FullName, EchoAsync).AllowPublic("test").OnListeners(Everywhere);
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HealthHost(app, time, mesh);
    }

    public static HttpClient NewClient(Uri address, Version version) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public IPEndPoint EndPoint(string listener) => App.Services.GetRequiredService<BoundListeners>().GetEndPoint(listener);

    /// <summary>A connection of its own to the mesh.</summary>
    public GrpcChannel NewMeshChannel(string? caller = HealthMesh.Caller, string listener = "mesh") => GrpcChannel.ForAddress(
        $"https://{EndPoint(listener)}", new GrpcChannelOptions { HttpHandler = Mesh.Handler(caller), DisposeHttpClient = true });

    /// <summary>An HTTP/1.1 client of a TLS listener.</summary>
    public HttpClient NewMeshClient(string listener, string? caller) =>
        new(Mesh.Handler(caller)) { BaseAddress = new Uri($"https://{EndPoint(listener)}"), Timeout = TimeSpan.FromSeconds(60) };

    public async Task<HttpStatusCode> GetAsync(string path, HttpClient? client = null)
    {
        using var response = await (client ?? Client1).GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public async Task<ServingStatus> CheckAsync(string service = "") =>
        (await Health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken)).Status;

    public async ValueTask DisposeAsync()
    {
        Client1.Dispose();
        Client2.Dispose();
        Channel.Dispose();
        _meshChannel.Dispose();
        var stopping = App.StopAsync(CancellationToken.None);
        await Eventually.IsTrueAsync(() =>
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            return stopping.IsCompleted;
        });
        await stopping;
        await App.DisposeAsync();
        Mesh.Dispose();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task WorkAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        await context.Response.WriteAsync($"done {body.Length}", context.RequestAborted);
    }
}
