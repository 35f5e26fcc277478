using System.Net;
using System.Net.Security;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Testing;
using ZeroTrust.IntegrationTests.Mesh;

namespace ZeroTrust.IntegrationTests;

public sealed class UseZeroTrustTests : IDisposable
{
    private const string Caller = "spiffe://example.test/gateway";

    private static readonly string[] Everyone = ["Txn-Token", "txn_chain", "X-Tenant-ID", "X-Subject-ID", "X-Permissions"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-");
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create("mesh root");

    [Fact]
    public async Task A_service_with_the_defaults_refuses_the_anonymous_call_and_serves_what_is_public()
    {
        await using var app = await StartAsync(Protected);
        using var client = Connect(app, "edge", certificate: null);

        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/public"));
        Assert.Equal((HttpStatusCode.Unauthorized, "authz.context_missing"), await GetAsync(client, "/orders"));
        Assert.Equal((HttpStatusCode.NotFound, "aspnetcore.endpoint_not_found"), await GetAsync(client, "/nowhere"));
        Assert.Equal((HttpStatusCode.NotFound, "aspnetcore.endpoint_not_on_listener"), await GetAsync(client, "/readyz"));
    }

    [Fact]
    public async Task A_listed_peer_without_a_context_is_known_and_still_refused_where_a_permission_is_needed()
    {
        await using var app = await StartAsync(Protected);
        using var certificate = _authority.Issue(Caller);
        using var client = Connect(app, "mesh", certificate);

        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/peer"));
        Assert.Equal((HttpStatusCode.Unauthorized, "authz.context_missing"), await GetAsync(client, "/orders"));
    }

    [Fact]
    public async Task Identity_headers_of_a_user_never_reach_an_endpoint()
    {
        await using var app = await StartAsync(Protected);
        using var client = Connect(app, "edge", certificate: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/headers");
        foreach (var header in Everyone)
        {
            request.Headers.TryAddWithoutValidation(header, "forged");
        }

        request.Headers.TryAddWithoutValidation("X-Harmless", "kept");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var seen = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("X-Harmless", seen, StringComparison.Ordinal);
        Assert.All(Everyone, header => Assert.DoesNotContain(header, seen, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Probes_are_answered_on_their_own_listener_and_nothing_else_is()
    {
        await using var app = await StartAsync(Protected);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{EndPoint(app, "probe")}") };

        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/livez"));
        Assert.Equal((HttpStatusCode.NotFound, "aspnetcore.endpoint_not_on_listener"), await GetAsync(client, "/public"));
    }

    [Fact]
    public async Task Grpc_health_is_answered_to_a_peer_and_an_unknown_service_is_unimplemented()
    {
        await using var app = await StartAsync(Protected);
        using var certificate = _authority.Issue(Caller);
        using var channel = GrpcChannel.ForAddress(
            $"https://{EndPoint(app, "mesh")}", new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });
        var health = new Health.HealthClient(channel);

        var answer = await health.CheckAsync(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);

        var method = new Method<HealthCheckRequest, HealthCheckResponse>(
            MethodType.Unary,
            "no.such.Service",
            "Call",
            Marshallers.Create(static request => Google.Protobuf.MessageExtensions.ToByteArray(request), HealthCheckRequest.Parser.ParseFrom),
            Marshallers.Create(static reply => Google.Protobuf.MessageExtensions.ToByteArray(reply), HealthCheckResponse.Parser.ParseFrom));
        var call = channel.CreateCallInvoker().AsyncUnaryCall(
            method, host: null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), new HealthCheckRequest());
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    [Fact]
    public async Task The_host_does_not_start_when_UseZeroTrust_was_forgotten()
    {
        await using var app = Build();
        app.MapGet("/", () => "open").AllowPublic("test");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("UseZeroTrust()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_does_not_start_with_an_endpoint_that_nobody_decided()
    {
        await using var app = Build();
        app.UseZeroTrust();
        app.MapGet("/undecided", () => "open");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("/undecided", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_bad_option_of_every_package_is_told_at_once_with_its_path()
    {
        string[] paths =
        [
            "ZeroTrust:Mtls:ReloadInterval",
            "ZeroTrust:Mtls:TrustDomain",
            "ZeroTrust:Listeners:edge:Url",
            "ZeroTrust:Authz:ReuseWindow",
            "ZeroTrust:Oidc:Issuers:main:Audience",
            "ZeroTrust:Oidc:Issuers:main:Authority",
            "ZeroTrust:HealthChecks:PollInterval",
            "ZeroTrust:Redaction:Rules:0:Action",
        ];
        await using var app = Build(builder =>
        {
            builder.Services.AddZeroTrust().AddOidc();
            builder.Configuration["ZeroTrust:Mtls:ReloadInterval"] = "00:00:00";
            builder.Configuration["ZeroTrust:Mtls:TrustDomain"] = "NOT A DOMAIN";
            builder.Configuration["ZeroTrust:Listeners:edge:Url"] = "ftp://127.0.0.1";
            builder.Configuration["ZeroTrust:Authz:ReuseWindow"] = "01:00:00";
            builder.Configuration["ZeroTrust:Oidc:Issuers:main:Authority"] = "http://issuer.example";
            builder.Configuration["ZeroTrust:HealthChecks:PollInterval"] = "9.00:00:00";
            builder.Configuration["ZeroTrust:Redaction:Rules:0:Key"] = "key";
        });
        app.UseZeroTrust();

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.All(paths, path => Assert.Contains(path + ":", exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_did_not_start_leaves_no_check_running()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var app = Build(builder =>
        {
            builder.Configuration["ZeroTrust:HealthChecks:CheckTimeout"] = "00:05:00";
            builder.Configuration["ZeroTrust:HealthChecks:MaxStaleness"] = "01:00:00";
            builder.Services.AddHealthChecks().AddAsyncCheck("endless", async stop =>
            {
                using var registration = stop.Register(ended.SetResult);
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return HealthCheckResult.Healthy();
            });
        }))
        {
            app.UseZeroTrust();
            app.MapGet("/undecided", () => "open");
            await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
            await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
            Assert.False(ended.Task.IsCompleted);
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Calling_everything_twice_changes_nothing()
    {
        await using var app = await StartAsync(
            application =>
            {
                application.UseZeroTrust();
                Protected(application);
            },
            builder => builder.AddZeroTrustDefaults());
        using var client = Connect(app, "edge", certificate: null);

        Assert.Equal((HttpStatusCode.OK, null), await GetAsync(client, "/public"));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Protected(WebApplication app)
    {
        app.MapGet("/public", () => "ok").AllowPublic("test");
        app.MapGet("/peer", () => "ok").RequirePeer(Caller);
        app.MapGet("/orders", (AuthzContext context) => context.Tenant.ToString()).RequirePermission("orders:read");
        app.MapGet("/headers", (Microsoft.AspNetCore.Http.HttpRequest request) => string.Join(' ', request.Headers.Keys)).AllowPublic("test");
    }

    private static IPEndPoint EndPoint(WebApplication app, string listener) =>
        app.Services.GetRequiredService<BoundListeners>().GetEndPoint(listener);

    private static HttpClient Connect(WebApplication app, string listener, TestCertificate? certificate) =>
        new(Handler(certificate)) { BaseAddress = new Uri($"https://{EndPoint(app, listener)}") };

    private static SocketsHttpHandler Handler(TestCertificate? certificate) => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate?.ToCredential().CertificateContext,
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
        },
    };

    private static async Task<(HttpStatusCode Status, string? Code)> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return (response.StatusCode, null);
        }

        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return (response.StatusCode, problem.RootElement.GetProperty("code").GetString());
    }

    private async Task<WebApplication> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? build = null)
    {
        var app = Build(build);
        app.UseZeroTrust();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);

        // The gate opens when the first round of checks is through.
        using var probe = new HttpClient { BaseAddress = new Uri($"http://{EndPoint(app, "probe")}") };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "The host was not ready in time.");
            using var ready = await probe.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
            if (ready.IsSuccessStatusCode)
            {
                return app;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    private WebApplication Build(Action<WebApplicationBuilder>? build = null)
    {
        using var own = _authority.Issue("spiffe://example.test/orders");
        var (certificateFile, keyFile) = own.WriteTo(_folder.FullName, "orders");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = certificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = keyFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = _authority.WriteAnchorTo(_folder.FullName),
            ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:edge:Role"] = "Edge",
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = Caller,
            ["ZeroTrust:Listeners:probe:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:probe:Role"] = "Probe",
            ["ZeroTrust:HealthChecks:PropagationDelay"] = "00:00:00",
        });
        builder.AddZeroTrustDefaults().InTestProcess();
        build?.Invoke(builder);
        return builder.Build();
    }
}
