using System.Net;
using ZeroTrust.IntegrationTests.Mesh;

namespace ZeroTrust.IntegrationTests;

/// <summary>An edge, orders and billing as three hosts of one process: real listeners, real TLS, real SQLite.</summary>
public sealed class MeshTests
{
    private static readonly User Alice = new("alice", "acme", "orders:read", "orders:write", "invoice:write");
    private static readonly User Bob = new("bob", "globex", "orders:read", "orders:write", "invoice:write");

    [Fact]
    public async Task An_order_lands_under_the_tenant_of_its_user_and_may_not_claim_another()
    {
        await using var mesh = await RunningMesh.StartAsync();

        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Alice, "acme", new NewOrder("honest"))).Status);
        var forged = await mesh.OrderAsync(Alice, "acme", new NewOrder("forged", Owner: "globex"));
        Assert.Equal((HttpStatusCode.Forbidden, "tenancy.foreign_row"), (forged.Status, forged.Code));

        Assert.Equal([("acme", "login/alice", "honest")], await mesh.ReadRowsAsync());
    }

    [Fact]
    public async Task A_row_exists_for_its_own_tenant_only_over_http_and_over_grpc()
    {
        await using var mesh = await RunningMesh.StartAsync();
        var placed = await mesh.OrderAsync(Alice, "acme", new NewOrder("anvil"));
        var id = placed.Read("id");

        var own = await mesh.GetAsync(Alice, $"/tenants/acme/orders/{id}");
        Assert.Equal((HttpStatusCode.OK, "acme"), (own.Status, own.Read("tenant")));
        Assert.Equal("anvil", (await mesh.GetAsync(Alice, $"/book/{id}")).Read("product"));

        var others = await mesh.GetAsync(Bob, $"/tenants/globex/orders/{id}");
        Assert.Equal((HttpStatusCode.NotFound, "orders.not_found"), (others.Status, others.Code));
        Assert.Equal("NotFound", (await mesh.GetAsync(Bob, $"/book/{id}")).Read("status"));
        Assert.Single(await mesh.ReadRowsAsync());
    }

    [Fact]
    public async Task A_route_of_another_tenant_is_forbidden_and_writes_nothing()
    {
        await using var mesh = await RunningMesh.StartAsync();

        var refused = await mesh.OrderAsync(Bob, "acme", new NewOrder("anvil"));
        Assert.Equal((HttpStatusCode.Forbidden, "authz.tenant_mismatch"), (refused.Status, refused.Code));
        Assert.Empty(await mesh.ReadRowsAsync());
        Assert.Empty(mesh.SeenByBilling);

        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Bob, "globex", new NewOrder("anvil"))).Status);
        Assert.Equal([("globex", "login/bob", "anvil")], await mesh.ReadRowsAsync());
    }

    [Fact]
    public async Task The_callee_gets_the_users_context_with_the_one_permission_and_every_workload_of_the_chain()
    {
        await using var mesh = await RunningMesh.StartAsync();

        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Alice, "acme", new NewOrder("anvil"))).Status);

        var context = Assert.Single(mesh.SeenByBilling);
        Assert.Equal("acme", context.Tenant.ToString());
        Assert.Equal("login/alice", context.Subject.ToString());
        Assert.Equal("invoice:write", context.Permissions.ToString());
        Assert.Equal($"{RunningMesh.Gateway} {RunningMesh.Orders} {RunningMesh.Billing}", string.Join(' ', context.CallChain));
    }

    [Fact]
    public async Task Grpc_without_the_permission_is_permission_denied_with_the_code_of_the_refusal()
    {
        await using var mesh = await RunningMesh.StartAsync();
        var id = (await mesh.OrderAsync(Alice, "acme", new NewOrder("anvil"))).Read("id");

        var refused = await mesh.GetAsync(Alice with { Permissions = ["orders:write"] }, $"/book/{id}");
        Assert.Equal(("PermissionDenied", "authz.permission_missing"), (refused.Read("status"), refused.Code));

        var served = await mesh.GetAsync(Alice with { Permissions = ["orders:read"] }, $"/book/{id}");
        Assert.Equal((HttpStatusCode.OK, "anvil"), (served.Status, served.Read("product")));
    }

    [Fact]
    public async Task A_client_narrowed_to_a_permission_the_user_lacks_gives_the_callee_none()
    {
        await using var mesh = await RunningMesh.StartAsync();

        var refused = await mesh.OrderAsync(Alice with { Permissions = ["orders:write"] }, "acme", new NewOrder("anvil"));
        Assert.Equal(("PermissionDenied", "authz.permission_missing"), (refused.Read("status"), refused.Code));
        Assert.Equal(1, mesh.RequestsAtBilling);
        Assert.Empty(mesh.SeenByBilling);
        Assert.Empty(await mesh.ReadRowsAsync());

        var served = await mesh.OrderAsync(Alice with { Permissions = ["orders:write", "invoice:write"] }, "acme", new NewOrder("anvil"));
        Assert.Equal(HttpStatusCode.Created, served.Status);
    }

    [Fact]
    public async Task Nobody_without_a_token_gets_past_the_edge()
    {
        await using var mesh = await RunningMesh.StartAsync();

        var refused = await mesh.GetAsync(user: null, "/caller");
        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_missing"), (refused.Status, refused.Code));
        Assert.Equal(0, mesh.RequestsAtOrders);

        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync(Alice, "/caller")).Status);
        Assert.Equal(1, mesh.RequestsAtOrders);
    }

    [Fact]
    public async Task A_replaced_client_credential_is_used_by_new_connections_while_a_call_goes_on()
    {
        await using var mesh = await RunningMesh.StartAsync();
        var before = (await mesh.GetAsync(Alice, "/caller")).Read("leaf");
        var held = mesh.GetAsync(Alice, "/held");
        await mesh.Turnstile.Entered.WaitAsync(TestContext.Current.CancellationToken);

        var after = await mesh.ReplaceEdgeCredentialAsync();

        // The only connection is busy, so this call opens one.
        Assert.Equal(after, (await mesh.GetAsync(Alice, "/caller")).Read("leaf"));
        mesh.Turnstile.Release();
        var finished = await held;
        Assert.Equal((HttpStatusCode.OK, before), (finished.Status, finished.Read("leaf")));
        Assert.NotEqual(before, after, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Contexts_signed_with_a_replaced_credential_are_taken_on_connections_of_the_next_one()
    {
        await using var mesh = await RunningMesh.StartAsync();
        var before = (await mesh.GetAsync(Alice, "/caller")).Read("leaf");
        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Alice, "acme", new NewOrder("before"))).Status);

        await mesh.ReplaceEdgeCredentialAsync();
        await mesh.ReplaceOrdersCredentialAsync();

        Assert.NotEqual(before, (await mesh.GetAsync(Alice, "/caller")).Read("leaf"), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Alice, "acme", new NewOrder("after"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await mesh.OrderAsync(Bob, "globex", new NewOrder("new context"))).Status);
    }

    [Fact]
    public async Task A_replaced_server_credential_is_shown_to_new_connections_while_a_call_goes_on()
    {
        await using var mesh = await RunningMesh.StartAsync();
        var before = await mesh.ReadLeafOfOrdersAsync();
        var held = mesh.GetAsync(Alice, "/held");
        await mesh.Turnstile.Entered.WaitAsync(TestContext.Current.CancellationToken);

        var after = await mesh.ReplaceOrdersCredentialAsync();

        Assert.Equal(after, await mesh.ReadLeafOfOrdersAsync());
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync(Alice, "/caller")).Status);
        mesh.Turnstile.Release();
        Assert.Equal(HttpStatusCode.OK, (await held).Status);
        Assert.NotEqual(before, after, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(RunningMesh.Billing, false)]
    [InlineData(RunningMesh.Orders, true)]
    public async Task A_typed_client_calls_nobody_but_the_server_it_is_bound_to(string ordersIs, bool served)
    {
        await using var mesh = await RunningMesh.StartAsync(ordersIs: ordersIs);

        var answer = await mesh.OrderAsync(Alice, "acme", new NewOrder("anvil"));

        Assert.Equal(served ? (HttpStatusCode.Created, null) : (HttpStatusCode.BadGateway, "aspnetcore.upstream_refused"), (answer.Status, answer.Code));
        Assert.Equal(served ? 1 : 0, mesh.RequestsAtOrders);
        Assert.Equal(served ? 1 : 0, (await mesh.ReadRowsAsync()).Count);
    }

    [Theory]
    [InlineData(RunningMesh.Gateway, false)]
    [InlineData(RunningMesh.Billing, true)]
    public async Task A_grpc_client_calls_nobody_but_the_server_it_is_bound_to(string billingIs, bool served)
    {
        await using var mesh = await RunningMesh.StartAsync(billingIs: billingIs);

        var answer = await mesh.OrderAsync(Alice, "acme", new NewOrder("anvil"));

        Assert.Equal(served ? (HttpStatusCode.Created, null) : (HttpStatusCode.BadGateway, "mtls.server_identity_mismatch"), (answer.Status, answer.Code));
        Assert.Equal(served ? 1 : 0, mesh.RequestsAtBilling);
        Assert.Equal(served ? 1 : 0, (await mesh.ReadRowsAsync()).Count);
    }
}
