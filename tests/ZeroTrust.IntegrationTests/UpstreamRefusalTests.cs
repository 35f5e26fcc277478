using System.Net;
using ZeroTrust.IntegrationTests.Mesh;

namespace ZeroTrust.IntegrationTests;

/// <summary>Who refused whom, over three services: a refusal behind orders is neither told to the edge as its own fault nor logged against it.</summary>
public sealed class UpstreamRefusalTests
{
    private static readonly User Alice = new("alice", "acme", "orders:read", "invoice:write");

    [Fact]
    public async Task Over_http_an_impostor_behind_the_callee_is_a_bad_gateway_and_named_in_the_log_alone()
    {
        await using var mesh = await RunningMesh.StartAsync(billingIs: RunningMesh.Gateway);

        var answer = await mesh.GetAsync(Alice, "/invoiced");

        Assert.Equal((HttpStatusCode.BadGateway, "aspnetcore.upstream_refused"), (answer.Status, answer.Code));
        AssertLoggedAgainstBilling(mesh);
    }

    [Fact]
    public async Task Over_grpc_an_impostor_behind_the_callee_is_a_failed_precondition_and_named_in_the_log_alone()
    {
        await using var mesh = await RunningMesh.StartAsync(billingIs: RunningMesh.Gateway);

        var answer = await mesh.GetAsync(Alice, $"/book/{OrderBookService.Invoiced}");

        Assert.Equal(("FailedPrecondition", "aspnetcore.upstream_refused"), (answer.Read("status"), answer.Code));
        AssertLoggedAgainstBilling(mesh);
    }

    [Fact]
    public async Task Over_http_an_impostor_called_by_the_edge_is_a_bad_gateway_to_the_user()
    {
        await using var mesh = await RunningMesh.StartAsync(ordersIs: RunningMesh.Billing);

        var answer = await mesh.GetAsync(Alice, "/invoiced");

        Assert.Equal((HttpStatusCode.BadGateway, "aspnetcore.upstream_refused"), (answer.Status, answer.Code));
        Assert.Empty(mesh.EventsOfEdge.Named("CallRefused"));
        Assert.Contains(RunningMesh.Billing, Assert.Single(mesh.EventsOfEdge.Named("ServerRefused")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_grpc_a_refusal_by_the_server_behind_the_callee_is_not_one_of_the_caller()
    {
        await using var mesh = await RunningMesh.StartAsync();

        var answer = await mesh.GetAsync(Alice with { Permissions = ["orders:read"] }, $"/book/{OrderBookService.Invoiced}");

        Assert.Equal(("FailedPrecondition", "aspnetcore.upstream_refused"), (answer.Read("status"), answer.Code));
        Assert.Empty(mesh.EventsOfOrders.Named("CallRefused"));
        Assert.Contains("authz.permission_missing", Assert.Single(mesh.EventsOfOrders.Named("CallFailedUpstream")), StringComparison.Ordinal);
        Assert.Empty(mesh.SeenByBilling);
    }

    [Fact]
    public async Task Over_grpc_a_server_that_is_down_behind_the_callee_is_unavailable_and_its_address_is_not_told()
    {
        await using var mesh = await RunningMesh.StartAsync();
        await mesh.StopBillingAsync();

        var answer = await mesh.GetAsync(Alice, $"/book/{OrderBookService.Invoiced}");

        Assert.Equal(("Unavailable", ""), (answer.Read("status"), answer.Read("detail")));
        Assert.Single(mesh.EventsOfOrders.Named("GrpcUpstreamFailed"));
        Assert.Empty(mesh.EventsOfOrders.Named("CallRefused"));
    }

    [Fact]
    public async Task A_service_that_copies_answers_does_not_copy_the_refusal_of_its_own_connection()
    {
        await using var mesh = await RunningMesh.StartAsync(ordersServes: RunningMesh.Billing);

        var answer = await mesh.GetAsync(Alice, "/invoiced");

        Assert.Equal((HttpStatusCode.BadGateway, "aspnetcore.upstream_refused"), (answer.Status, answer.Code));
        AssertRefusedByServer(mesh.EventsOfEdge);
    }

    [Fact]
    public async Task Over_grpc_the_refusal_of_the_own_connection_has_the_status_and_the_code_of_the_server()
    {
        await using var mesh = await RunningMesh.StartAsync(ordersServes: RunningMesh.Billing);

        var answer = await mesh.GetAsync(Alice, $"/book/{OrderBookService.Invoiced}");

        Assert.Equal(("PermissionDenied", "mtls.peer_not_listed"), (answer.Read("status"), answer.Code));
        Assert.Contains("mtls.peer_not_listed", Assert.Single(mesh.EventsOfEdge.Named("ServerUnanswered")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/invoiced", "502")]
    [InlineData($"/book/{OrderBookService.Invoiced}", "FailedPrecondition")]
    public async Task The_refusal_of_a_connection_that_the_callee_makes_is_not_the_callers(string path, string status)
    {
        await using var mesh = await RunningMesh.StartAsync(billingServes: RunningMesh.Gateway);

        var answer = await mesh.GetAsync(Alice, path);

        Assert.Equal((HttpStatusCode.BadGateway, "aspnetcore.upstream_refused"), (answer.Status, answer.Code));
        Assert.Equal(status, answer.Read("status"));
        AssertRefusedByServer(mesh.EventsOfOrders);
    }

    [Fact]
    public async Task Calls_that_nothing_refuses_are_served()
    {
        await using var mesh = await RunningMesh.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync(Alice, "/invoiced")).Status);
        Assert.Equal((HttpStatusCode.OK, "1"), await ReadBookAsync());
        Assert.Empty(mesh.EventsOfOrders.Named("CallFailedUpstream"));

        async Task<(HttpStatusCode, string?)> ReadBookAsync()
        {
            var answer = await mesh.GetAsync(Alice, $"/book/{OrderBookService.Invoiced}");
            return (answer.Status, answer.Read("product"));
        }
    }

    private static void AssertRefusedByServer(EventLog events)
    {
        Assert.Empty(events.Named("CallRefused"));
        Assert.Contains("mtls.refused_by_server", Assert.Single(events.Named("CallFailedUpstream")), StringComparison.Ordinal);
        Assert.Contains("mtls.peer_not_listed", Assert.Single(events.Named("ServerUnanswered")), StringComparison.Ordinal);
    }

    private static void AssertLoggedAgainstBilling(RunningMesh mesh)
    {
        Assert.Empty(mesh.EventsOfOrders.Named("CallRefused"));
        var told = Assert.Single(mesh.EventsOfOrders.Named("CallFailedUpstream"));
        Assert.Contains("answered aspnetcore.upstream_refused", told, StringComparison.Ordinal);
        Assert.Contains("mtls.server_identity_mismatch", told, StringComparison.Ordinal);
        var refused = Assert.Single(mesh.EventsOfOrders.Named("ServerRefused"));
        Assert.Contains(RunningMesh.Gateway, refused, StringComparison.Ordinal);
        Assert.Contains(RunningMesh.Billing, refused, StringComparison.Ordinal);
        Assert.Equal(0, mesh.RequestsAtBilling);
    }
}
