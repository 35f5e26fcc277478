using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>
/// A server that answers a refused connection, as the listeners of these packages do. It is this workload that is refused: a program that
/// passes answers on must not give that one to its own caller.
/// </summary>
public sealed class MtlsRefusedConnectionTests : IAsyncLifetime
{
    private const string Problem = """{"type":"urn:zerotrust:rejection:mtls.peer_not_listed","status":403,"code":"mtls.peer_not_listed"}""";

    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;
    private readonly BoundClient _client;
    private MeshServer _server = null!;

    public MtlsRefusedConnectionTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _client = new BoundClient(_world, _orders);
    }

    public static MatrixTheoryData<string, string, int> Answers => new(["GET", "POST"], ["1.1", "2.0"], [400, 401, 403]);

    public async ValueTask InitializeAsync() =>
        _server = await MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_marked_answer_is_the_refusal_of_this_workload(string method, string version, int status)
    {
        Answer(status, "connection", Problem);

        var failure = await Assert.ThrowsAsync<RejectionException>(() => _client.SendAsync(HttpMethod.Parse(method), _server.Address, version));

        Assert.Equal(("mtls.refused_by_server", RejectionKind.BadGateway, true), (failure.Rejection.Code, failure.Rejection.Kind, failure.Rejection.IsOutbound));
        Assert.Equal(World.Orders, failure.Rejection.Presented);
        Assert.Contains($"with the answer {status} mtls.peer_not_listed.", failure.Rejection.Detail, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)status, Assert.IsType<HttpRequestException>(failure.InnerException).StatusCode);
        Assert.Equal("mtls.refused_by_server", Assert.Single(_client.Told("ServerUnanswered")).GetStructuredStateValue("error.type"));
        Assert.Single(_server.Requests);
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public void A_synchronous_call_learns_the_same_without_the_code()
    {
        Answer(403, "connection", Problem);
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address);

        var failure = Assert.Throws<RejectionException>(() => _client.Send(request));

        Assert.Equal("mtls.refused_by_server", failure.Rejection.Code);
        Assert.EndsWith("with the answer 403.", failure.Rejection.Detail, StringComparison.Ordinal);
        Assert.Single(_client.Told("ServerUnanswered"));
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(403, "call")]
    [InlineData(403, "connection, connection")]
    [InlineData(403, "Connection")]
    [InlineData(403, "connection;a=b")]
    [InlineData(200, "connection")]
    [InlineData(404, "connection")]
    [InlineData(500, "connection")]
    [InlineData(503, "connection")]
    public async Task Any_other_answer_stays_a_response(int status, string? mark)
    {
        Answer(status, mark, Problem);

        using var response = await _client.OpenAsync(_server.Address);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal(Problem, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_client.Told("ServerUnanswered"));
        Assert.False(response.Headers.Contains("ZeroTrust-Refused"));
    }

    [Theory]
    [InlineData("@zerotrust_refused", false)]
    [InlineData("/internal/file", true)]
    public async Task What_nginx_would_do_by_the_mark_is_not_handed_on(string redirect, bool isKept)
    {
        _server.Answer = context =>
        {
            context.Response.Headers["ZeroTrust-Refused"] = "connection";
            context.Response.Headers["X-Accel-Redirect"] = redirect;
            context.Response.Headers["X-Other"] = "kept";
            return Task.CompletedTask;
        };

        using var response = await _client.OpenAsync(_server.Address);

        Assert.Equal(isKept, response.Headers.Contains("X-Accel-Redirect"));
        Assert.True(response.Headers.Contains("X-Other"));
        Assert.False(response.Headers.Contains("ZeroTrust-Refused"));
    }

    [Fact]
    public async Task A_status_of_grpc_in_an_answer_to_another_call_is_no_refusal()
    {
        _server.Answer = context =>
        {
            context.Response.Headers["ZeroTrust-Refused"] = "connection";
            context.Response.Headers["grpc-status"] = "7";
            return Task.CompletedTask;
        };

        using var response = await _client.OpenAsync(_server.Address);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("ZeroTrust-Refused"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"code":7}""")]
    [InlineData("""{"code":"Forged\nline"}""")]
    [InlineData("""{"code":"a.code.that.is.longer.than.any.that.these.packages.have.or.will.have"}""")]
    public async Task What_is_no_code_is_not_repeated(string body) => await AssertRefusedWithoutCodeAsync(body);

    [Fact]
    public async Task A_long_body_is_not_read_to_its_end() =>
        await AssertRefusedWithoutCodeAsync($$"""{"padding":"{{new string('x', 1_000_000)}}","code":"mtls.peer_not_listed"}""");

    [Theory]
    [InlineData("3", 1)]
    [InlineData("7", 1)]
    [InlineData("16", 1)]
    [InlineData("14", 0)]
    [InlineData("13", 0)]
    [InlineData("0", 0)]
    public async Task A_call_of_grpc_gets_the_status_that_the_server_gave(string status, int refusals)
    {
        _server.Answer = context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["ZeroTrust-Refused"] = "connection";
            context.Response.Headers["grpc-status"] = status;
            context.Response.Headers["grpc-message"] = "mtls.peer_not_listed";
            return Task.CompletedTask;
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Address) { Version = HttpVersion.Version20, Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc");

        using var response = await _client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.False(response.Headers.Contains("ZeroTrust-Refused"));
        var told = _client.Told("ServerUnanswered").ToList();
        Assert.Equal(refusals, told.Count);
        Assert.All(told, record => Assert.Contains("mtls.peer_not_listed", record.Message, StringComparison.Ordinal));
    }

    private void Answer(int status, string? mark, string body) => _server.Answer = context =>
    {
        context.Response.StatusCode = status;
        if (mark is not null)
        {
            context.Response.Headers["ZeroTrust-Refused"] = mark.Split(", ");
        }

        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    private async Task AssertRefusedWithoutCodeAsync(string body)
    {
        Answer(403, "connection", body);

        var failure = await Assert.ThrowsAsync<RejectionException>(() => _client.GetAsync(_server.Address));

        Assert.EndsWith("with the answer 403.", failure.Rejection.Detail, StringComparison.Ordinal);
    }
}
