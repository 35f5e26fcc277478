using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenario 14: Billing loses what it depends on, and gets it back.</summary>
internal static class Readiness
{
    public static IEnumerable<Scenario> All => [new(14, "Billing not ready, then ready", PlayAsync)];

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var mesh = stage.Mesh;
        using var probe = new Probe(mesh.Addresses.BillingProbe, mesh.Addresses.BillingProbeGrpc);
        var token = await stage.TokenAsync(User.Alice, cancellationToken);
        var orders = mesh.Certificates.Orders;
        var headers = stage.GatewayContext(User.Alice).Link(orders, Certificates.SpiffeId("billing"), "invoice:write").Headers;
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            mesh.RemoveTariffs();
            await probe.WaitForHttpAsync(StatusCodes.Status503ServiceUnavailable, mesh.ThrowIfAServiceDied, cancellationToken);
            var flip = TimeProvider.System.GetElapsedTime(started);
            stage.Note($"not ready after {flip.TotalMilliseconds:F0} ms", "503 NOT_SERVING", await StateAsync(probe, cancellationToken));
            await stage.RefusedRpcAsync(
                "Billing called directly",
                "UNAVAILABLE",
                "health.not_ready",
                () => stage.BillingRpc(orders).CreateInvoiceAsync(headers, cancellationToken),
                cancellationToken);
            await stage.RefusedAsync(
                "an order through the gateway",
                503,
                "orders.billing_unavailable",
                () => stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken),
                cancellationToken);
        }
        finally
        {
            started = TimeProvider.System.GetTimestamp();
            await mesh.WriteTariffsAsync(cancellationToken);
        }

        await probe.WaitForHttpAsync(StatusCodes.Status200OK, mesh.ThrowIfAServiceDied, cancellationToken);
        var back = TimeProvider.System.GetElapsedTime(started);
        stage.Note($"ready after {back.TotalMilliseconds:F0} ms", "200 SERVING", await StateAsync(probe, cancellationToken));
        var served = await stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken);
        stage.Note("an order through the gateway", "201", served.Text);
    }

    private static async Task<string> StateAsync(Probe probe, CancellationToken cancellationToken) =>
        $"{await probe.HttpAsync(cancellationToken)} {await probe.GrpcAsync(cancellationToken)}";
}
