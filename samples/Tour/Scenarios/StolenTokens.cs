using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenario 13: a captured context, and a chain cut short.</summary>
internal static class StolenTokens
{
    public static IEnumerable<Scenario> All => [new(13, "a captured token replayed, a chain's last link stripped", PlayAsync)];

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var certificates = stage.Mesh.Certificates;
        var captured = await CaptureAsync(stage, cancellationToken);
        stage.Note("captured from the gateway", "Txn-Certs Txn-Chain Txn-Token", string.Join(' ', captured.Keys.Order(StringComparer.Ordinal)));
        await stage.RefusedAsync(
            "replayed by reporting",
            401,
            "authz.sender_mismatch",
            () => stage.OrdersAsync(certificates.Reporting, HttpMethod.Post, Stage.OrdersOf("acme"), captured, cancellationToken),
            cancellationToken);
        var live = await stage.OrdersAsync(certificates.Gateway, HttpMethod.Post, Stage.OrdersOf("acme"), captured, cancellationToken);
        stage.Note("the same from the gateway (control)", "201", live.Text);

        // The gateway let reporting read, through Orders, less than the user may. Without its last link the chain would be wider.
        var narrowed = ContextToken
            .Mint(certificates.Gateway, User.Alice.Tenant, "login/alice", User.Alice.Permissions)
            .Link(certificates.Gateway, certificates.Reporting.Workload, User.Alice.Permissions)
            .Link(certificates.Reporting, certificates.Orders.Workload, "orders:read");
        var whole = await stage.OrdersAsync(
            certificates.Reporting, HttpMethod.Get, Stage.OrdersOf("acme"), narrowed.Headers, cancellationToken);
        stage.Note("reporting with the whole chain (control)", "200", whole.Text);
        await stage.RefusedAsync(
            "last link stripped",
            401,
            "authz.not_addressed_here",
            () => stage.OrdersAsync(
                certificates.Reporting, HttpMethod.Post, Stage.OrdersOf("acme"), narrowed.WithoutLastLink().Headers, cancellationToken),
            cancellationToken);
        await stage.RefusedAsync(
            "both links stripped",
            401,
            "authz.chain_missing",
            () => stage.OrdersAsync(
                certificates.Gateway,
                HttpMethod.Post,
                Stage.OrdersOf("acme"),
                narrowed.WithoutLastLink().WithoutLastLink().Headers,
                cancellationToken),
            cancellationToken);
    }

    /// <summary>A gateway is led to somebody who holds Orders' key and certificate, and sends him a real context.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> CaptureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var impostor = await Impostor.StartAsync(stage.Mesh.Addresses.Impostor, stage.Mesh.Certificates.Orders, cancellationToken);
        await using var gateway = await stage.Mesh.StartMisledGatewayAsync(cancellationToken);
        var token = await stage.TokenAsync(User.Alice, cancellationToken);
        await stage.GatewayAsync(
            HttpMethod.Post,
            Stage.OrdersOf("acme"),
            Stage.Bearer(token),
            cancellationToken,
            port: stage.Mesh.Addresses.SecondGatewayEdge);
        return impostor.Captured;
    }
}
