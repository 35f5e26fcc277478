using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenarios 10 to 12: an authorised peer with no context, another tenant's, or one that may do less.</summary>
internal static class Contexts
{
    public static IEnumerable<Scenario> All =>
    [
        new(10, "an authorised workload without context", NoContextAsync),
        new(11, "tenant A's context on tenant B's resource", OtherTenantAsync),
        new(12, "a permission is missing", NoPermissionAsync),
    ];

    private static async Task NoContextAsync(Stage stage, CancellationToken cancellationToken)
    {
        var reporting = stage.Mesh.Certificates.Reporting;
        await stage.RefusedAsync(
            "HTTP",
            401,
            "authz.context_missing",
            () => stage.OrdersAsync(reporting, HttpMethod.Post, Stage.OrdersOf("acme"), Stage.NoHeaders, cancellationToken),
            cancellationToken);
        await stage.RefusedRpcAsync(
            "gRPC",
            "UNAUTHENTICATED",
            "authz.context_missing",
            () => stage.OrdersRpc(reporting).GetOrderAsync("any", Stage.NoHeaders, cancellationToken),
            cancellationToken);
    }

    private static async Task OtherTenantAsync(Stage stage, CancellationToken cancellationToken)
    {
        var gateway = stage.Mesh.Certificates.Gateway;
        var alice = stage.GatewayContext(User.Alice).Headers;
        var bob = stage.GatewayContext(User.Bob).Headers;
        var placed = await stage.OrdersAsync(gateway, HttpMethod.Post, Stage.OrdersOf("acme"), alice, cancellationToken);
        var id = placed.Member("id") ?? "none";
        var acmeOrder = $"{Stage.OrdersOf("acme")}/{id}";
        stage.Note("acme's own order (control)", "201", placed.Text);

        await stage.RefusedAsync(
            "write to acme as globex",
            403,
            "authz.tenant_mismatch",
            () => stage.OrdersAsync(gateway, HttpMethod.Post, Stage.OrdersOf("acme"), bob, cancellationToken),
            cancellationToken);
        await stage.RefusedAsync(
            "read acme's order as globex",
            403,
            "authz.tenant_mismatch",
            () => stage.OrdersAsync(gateway, HttpMethod.Get, acmeOrder, bob, cancellationToken),
            cancellationToken);
        var token = await stage.TokenAsync(User.Bob, cancellationToken);
        await stage.RefusedAsync(
            "the same, a user through the gateway",
            403,
            "authz.tenant_mismatch",
            () => stage.GatewayAsync(HttpMethod.Get, acmeOrder, Stage.Bearer(token), cancellationToken),
            cancellationToken);

        // Where no route names the tenant, the data layer still confines the query.
        var guessed = await stage.OrdersAsync(gateway, HttpMethod.Get, $"{Stage.OrdersOf("globex")}/{id}", bob, cancellationToken);
        stage.Note("acme's order id under globex", "404", guessed.Text);
        var rpc = await stage.OrdersRpc(gateway).GetOrderAsync(id, bob, cancellationToken);
        stage.Note("the same over gRPC", "NOT_FOUND", rpc.Text);
        var own = await stage.OrdersRpc(gateway).GetOrderAsync(id, alice, cancellationToken);
        stage.Note("acme over gRPC (control)", "OK", own.Text);
    }

    private static async Task NoPermissionAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (gateway, orders) = (stage.Mesh.Certificates.Gateway, stage.Mesh.Certificates.Orders);
        var token = await stage.TokenAsync(User.Carol, cancellationToken);
        await stage.RefusedAsync(
            "HTTP, gateway",
            403,
            "authz.permission_missing",
            () => stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken),
            cancellationToken);
        await stage.RefusedAsync(
            "HTTP, Orders",
            403,
            "authz.permission_missing",
            () => stage.OrdersAsync(
                gateway, HttpMethod.Post, Stage.OrdersOf("acme"), stage.GatewayContext(User.Alice, "orders:read invoice:write").Headers, cancellationToken),
            cancellationToken);
        await stage.RefusedRpcAsync(
            "gRPC, Orders",
            "PERMISSION_DENIED",
            "authz.permission_missing",
            () => stage.OrdersRpc(gateway).GetOrderAsync("any", stage.GatewayContext(User.Alice, "orders:write").Headers, cancellationToken),
            cancellationToken);
        await stage.RefusedRpcAsync(
            "gRPC, Billing",
            "PERMISSION_DENIED",
            "authz.permission_missing",
            () => stage.BillingRpc(orders).CreateInvoiceAsync(ForBilling("orders:write"), cancellationToken),
            cancellationToken);
        var control = await stage.BillingRpc(orders).CreateInvoiceAsync(ForBilling("invoice:write"), cancellationToken);
        stage.Note("gRPC, Billing, with it (control)", "OK", control.Text);

        IReadOnlyDictionary<string, string> ForBilling(string scope) =>
            stage.GatewayContext(User.Alice).Link(orders, Certificates.SpiffeId("billing"), scope).Headers;
    }
}
