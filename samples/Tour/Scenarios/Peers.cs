using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenarios 5 to 9: who may not connect to Orders. The answer has the code, and Orders' audit events have it too.</summary>
internal static class Peers
{
    public static IEnumerable<Scenario> All =>
    [
        new(5, "no client certificate", (stage, stop) => RefusedAsync(stage, null, "mtls.certificate_missing", stop)),
        new(6, "a certificate of another CA", (stage, stop) => RefusedAsync(stage, stage.Mesh.Certificates.Foreign, "x509.untrusted_anchor", stop)),
        new(7, "a server-only certificate", (stage, stop) =>
            RefusedAsync(stage, stage.Mesh.Certificates.ServerOnly, "x509.extended_key_usage_missing", stop)),
        new(8, "an expired certificate", (stage, stop) => RefusedAsync(stage, stage.Mesh.Certificates.Expired, "x509.expired", stop)),
        new(9, "a workload that is not on the list", (stage, stop) =>
            RefusedAsync(stage, stage.Mesh.Certificates.Intruder, "mtls.peer_not_listed", stop, status: 403)),
    ];

    private static async Task RefusedAsync(Stage stage, Identity? identity, string code, CancellationToken cancellationToken, int status = 401)
    {
        // A context that is good from the gateway goes with it: nothing but the certificate stands in the way of being heard.
        var headers = stage.GatewayContext(User.Alice).Headers;
        var before = await stage.Mesh.Rows.TotalAsync(cancellationToken);
        var mark = stage.Mesh.Telemetry.LogCount;
        var answer = await stage.OrdersAsync(identity, HttpMethod.Post, Stage.OrdersOf("acme"), headers, cancellationToken);
        var audited = await stage.Mesh.Telemetry.WaitForRefusedPeerAsync(
            "orders", identity is null ? null : Certificates.Sha256(identity), mark, cancellationToken);
        var added = await stage.Mesh.Rows.TotalAsync(cancellationToken) - before;
        stage.Note("order", $"{status}, no row", code, $"{answer.Text}, {(added == 0 ? "no row" : $"{added} rows")}", audited);
        stage.Note("code in the answer", code, code, answer.Code ?? "none", audited);
    }
}
