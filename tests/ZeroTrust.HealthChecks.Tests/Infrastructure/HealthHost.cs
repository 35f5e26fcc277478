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

/// <summary>A real service on real Kestrel: one HTTP/1.1 and one h2c listener. Only the clock of the drain and of staleness is the test's.</summary>
internal sealed class HealthHost : IAsyncDisposable
{
    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);

    /// <summary>A unary gRPC method that echoes.</summary>
    public static readonly Method<byte[], byte[]> Rpc = new(MethodType.Unary, "test.Echo", "Echo", Bytes, Bytes);

    private HealthHost(WebApplication app, FakeTimeProvider time)
    {
        App = app;
        Time = time;
        var addresses = app.Urls.ToArray();
        Http1 = new Uri(addresses[0]);
        Http2 = new Uri(addresses[1]);
        Client1 = NewClient(Http1, HttpVersion.Version11);
        Client2 = NewClient(Http2, HttpVersion.Version20);
        Channel = GrpcChannel.ForAddress(Http2);
        Health = new Health.HealthClient(Channel);
    }

    public WebApplication App { get; }

    public FakeTimeProvider Time { get; }

    public Uri Http1 { get; }

    public Uri Http2 { get; }

    public HttpClient Client1 { get; }

    public HttpClient Client2 { get; }

    public GrpcChannel Channel { get; }

    public Health.HealthClient Health { get; }

    public ReadinessHub Hub => App.Services.GetRequiredService<ReadinessHub>();

    public static async Task<HealthHost> StartAsync(
        Action<HealthOptions>? configure = null, Action<IEndpointRouteBuilder>? map = null, Action<IServiceCollection>? services = null)
    {
        var time = new FakeTimeProvider();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Listeners:a:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:a:Role"] = "Probe",
            ["ZeroTrust:Listeners:b:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:b:Role"] = "Probe",
            ["ZeroTrust:Listeners:b:Protocols"] = "Http2",
        });
        builder.Logging.AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddRouting();
        builder.Services.AddZeroTrust().AddListeners().AddHealthChecks(configure);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseListenerGuard();
        app.UseRouting();
        app.UseAdmissionGate();
        app.UseListenerRoles();
        app.UseAuthorization();
        app.MapZeroTrustHealth();
        app.MapMethods("/work", ["GET", "POST"], WorkAsync).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        app.MapPost(Rpc.FullName, EchoAsync).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HealthHost(app, time);
    }

    public static HttpClient NewClient(Uri address, Version version) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

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
        var stopping = App.StopAsync(CancellationToken.None);
        await Eventually.IsTrueAsync(() =>
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            return stopping.IsCompleted;
        });
        await stopping;
        await App.DisposeAsync();
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
