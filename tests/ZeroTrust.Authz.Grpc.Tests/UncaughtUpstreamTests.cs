using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A service of gRPC or HTTP lets pass what its client of gRPC or HTTP throws for a call that another server refused.</summary>
public sealed class UncaughtUpstreamTests : IAsyncLifetime
{
    private MeshHost _upstream = null!;
    private LedgerFixture _relay = null!;

    public static MatrixTheoryData<string, string> Refusals => new(
        ["http", "grpc"],
        [
            "http 401", "http 403", "http wrapped", "grpc coded", "grpc Unauthenticated", "grpc PermissionDenied", "grpc blocking", "grpc stream",
            "grpc collect", "grpc exchange", "grpc wrapped", "grpc several",
        ]);

    public static MatrixTheoryData<string, string> Failures => new(
        ["http", "grpc"], ["http 404", "http 500", "http executed", "grpc NotFound", "grpc Internal", "grpc Cancelled"]);

    public async ValueTask InitializeAsync()
    {
        _upstream = await MeshHost.StartAsync(
            app =>
            {
                app.MapGrpcService<ForeignLedger>().AllowPublic("test");
                app.MapGet("/answer/{status:int}", (int status) => Results.StatusCode(status)).AllowPublic("test");
            },
            builder => builder.Services.AddZeroTrust().AddAuthzGrpc());
        var gateway = _upstream.Peer(MeshHost.Gateway);
        _relay = await LedgerFixture.StartAsync(
            app =>
            {
                app.MapGrpcService<RelayLedger>().RequirePeer();
                app.MapGet("/relay/{how}", (string how, Relay relay) => relay.CallAsync(how)).RequirePeer();
            },
            builder =>
            {
                builder.Services.AddGrpc().AddJsonTranscoding();
                builder.Services.AddScoped<Relay>();
                builder.Services.AddHttpClient<Relay>(client => client.BaseAddress = new Uri($"https://{_upstream.EndPointOf("mesh")}"))
                    .ConfigurePrimaryHttpMessageHandler(() => _upstream.Handler(gateway.Certificate));
                builder.Services.AddGrpcClient<Ledger.LedgerClient>(options => options.Address = new Uri($"https://{_upstream.EndPointOf("mesh")}"))
                    .ConfigurePrimaryHttpMessageHandler(() => _upstream.Handler(gateway.Certificate));
            });
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_by_the_called_server_is_never_the_callers(string service, string how)
    {
        Assert.Equal(
            service == "http" ? "502 aspnetcore.upstream_refused" : "FailedPrecondition aspnetcore.upstream_refused",
            await CallAsync(service, how));
        Assert.Single(_relay.Host.Logs.GetSnapshot(), record => record.Id.Name == "CallFailedUpstream");
        Assert.DoesNotContain(
            _relay.Host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused" || record.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData("http 403", "GET", "502 aspnetcore.upstream_refused")]
    [InlineData("grpc coded", "POST", "502 aspnetcore.upstream_refused")]
    [InlineData("grpc down", "GET", "503 aspnetcore.upstream_unavailable")]
    [InlineData("grpc down", "POST", "502 aspnetcore.upstream_unavailable")]
    [InlineData("own PermissionDenied", "POST", "403 chosen")]
    public async Task A_transcoded_method_answers_in_the_words_of_HTTP(string how, string method, string answer)
    {
        using var client = _relay.Gateway.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "GET" ? $"/ledger/{Uri.EscapeDataString(how)}" : "/ledger");
        request.Content = method == "GET" ? null : JsonContent.Create(new { text = how });
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(answer, $"{(int)response.StatusCode} {body.GetProperty("message").GetString()}");
    }

    [Theory]
    [InlineData("grpc", "Unavailable aspnetcore.upstream_unavailable")]
    [InlineData("http", "503 aspnetcore.upstream_unavailable")]
    public async Task What_may_pass_by_itself_is_unavailable(string service, string answer) =>
        Assert.Equal(answer, await CallAsync(service, "grpc down"));

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_is_no_refusal_stays_as_it_is(string service, string how)
    {
        var expected = service == "http" ? "500 " : how.StartsWith("grpc", StringComparison.Ordinal) ? $"{how[5..]} " : "Internal ";

        Assert.Equal(expected, await CallAsync(service, how));
        Assert.DoesNotContain(_relay.Host.Logs.GetSnapshot(), record => record.Id.Name == "CallFailedUpstream");
    }

    [Theory]
    [InlineData("own PermissionDenied", "PermissionDenied ")]
    [InlineData("own Unauthenticated", "Unauthenticated ")]
    [InlineData("own trailers", "PermissionDenied ")]
    [InlineData("own instead of http", "NotFound ")]
    [InlineData("own instead of grpc", "NotFound ")]
    [InlineData("own refusal", "PermissionDenied authz.permission_missing")]
    public async Task A_status_that_the_method_chose_stays_its_answer(string how, string answer)
    {
        Assert.Equal(answer, await CallAsync("grpc", how));
        Assert.DoesNotContain(_relay.Host.Logs.GetSnapshot(), record => record.Id.Name == "CallFailedUpstream");
    }

    private async Task<string> CallAsync(string service, string how)
    {
        var cancelled = TestContext.Current.CancellationToken;
        if (service == "grpc")
        {
            var failure = await Assert.ThrowsAsync<RpcException>(
                () => _relay.Client.ReadAsync(new Entry { Text = how }, cancellationToken: cancelled).ResponseAsync);
            return $"{failure.StatusCode} {RejectionRpc.CodeOf(failure)}";
        }

        using var client = _relay.Gateway.Client();
        var (status, code) = await client.AskAsync(Requests.Get($"/relay/{Uri.EscapeDataString(how)}"));
        return $"{status} {code}";
    }

    /// <summary>Calls the other server, and lets pass what happens.</summary>
    private sealed class Relay(HttpClient http, Ledger.LedgerClient ledger)
    {
        public async Task<string> CallAsync(string how)
        {
            var cancelled = TestContext.Current.CancellationToken;
            var entry = new Entry { Text = how[5..] };
            switch (how)
            {
                case "http wrapped":
                    throw new InvalidOperationException("Billing failed.", await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("http 403")));
                case "http executed":
                    // As a client of AddMtls throws it for a POST that the server may have executed.
                    throw new HttpRequestException(
                        "closed", new RejectionException(new Rejection("mtls.test", "detail", RejectionKind.Unavailable).ToOutbound()))
                    {
                        Data = { ["zerotrust.may_be_executed"] = true },
                    };
                case "grpc down":
                    throw new RejectionException(new Rejection("mtls.test", "detail", RejectionKind.Unavailable).ToOutbound());
                case "grpc wrapped":
                    throw new InvalidOperationException(
                        "Billing failed.", await Assert.ThrowsAsync<RpcException>(() => CallAsync("grpc PermissionDenied")));
                case "grpc several":
                    await Task.WhenAll(CallAsync("grpc PermissionDenied"), CallAsync("grpc NotFound"));
                    return how;
                case "grpc coded":
                    return (await ledger.ReadOfAsync(entry, cancellationToken: cancelled)).Text;
                case "grpc blocking":
                    return ledger.Read(new Entry { Text = "PermissionDenied" }, cancellationToken: cancelled).Text;
                case "grpc stream":
                    using (var call = ledger.Watch(entry, cancellationToken: cancelled))
                    {
                        return $"{await call.ResponseStream.MoveNext(cancelled)}";
                    }

                case "grpc collect":
                    using (var call = ledger.Collect(cancellationToken: cancelled))
                    {
                        return (await call).Text;
                    }

                case "grpc exchange":
                    using (var call = ledger.Exchange(cancellationToken: cancelled))
                    {
                        return $"{await call.ResponseStream.MoveNext(cancelled)}";
                    }

                case "own trailers":
                    throw new RpcException(new Status(StatusCode.PermissionDenied, "chosen"), new Metadata { { "reason", "chosen" } });
                case "own instead of http":
                    throw new RpcException(new Status(
                        StatusCode.NotFound, "chosen", await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("http 403"))));
                case "own instead of grpc":
                    throw new RpcException(new Status(
                        StatusCode.NotFound, "chosen", await Assert.ThrowsAsync<RpcException>(() => CallAsync("grpc PermissionDenied"))));
                case "own refusal":
                    throw RejectionRpc.ToRpcException(new Rejection("authz.permission_missing", "detail", RejectionKind.Forbidden));
                case { } when how.StartsWith("own ", StringComparison.Ordinal):
                    throw new RpcException(new Status(Enum.Parse<StatusCode>(how[4..]), "chosen"));
                case { } when how.StartsWith("http", StringComparison.Ordinal):
                    return await http.GetStringAsync(new Uri($"/answer/{how[5..]}", UriKind.Relative), cancelled);
                default:
                    return (await ledger.ReadAsync(entry, cancellationToken: cancelled)).Text;
            }
        }
    }

    private sealed class RelayLedger(Relay relay) : Ledger.LedgerBase
    {
        public override async Task<Entry> Read(Entry request, ServerCallContext context) => new() { Text = await relay.CallAsync(request.Text) };
    }

    /// <summary>A server that refuses in the words of gRPC alone, but for one method.</summary>
    private sealed class ForeignLedger : Ledger.LedgerBase
    {
        public override Task<Entry> Read(Entry request, ServerCallContext context) =>
            throw new RpcException(new Status(Enum.Parse<StatusCode>(request.Text), "no"));

        public override Task<Entry> ReadOf(Entry request, ServerCallContext context) =>
            throw new RejectionException(new Rejection("authz.permission_missing", "detail", RejectionKind.Forbidden));

        public override Task Watch(Entry request, IServerStreamWriter<Entry> responseStream, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));

        public override Task<Entry> Collect(IAsyncStreamReader<Entry> requestStream, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));

        public override Task Exchange(IAsyncStreamReader<Entry> requestStream, IServerStreamWriter<Entry> responseStream, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
    }
}
