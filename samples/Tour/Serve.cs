using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour;

/// <summary>Keeps the mesh up for a person, with commands to paste.</summary>
internal static class Serve
{
    public static async Task RunAsync(TourMesh mesh, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Commands(mesh));
        await output.FlushAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            mesh.ThrowIfAServiceDied();
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Commands(TourMesh mesh)
    {
        var (at, ca) = (mesh.Addresses, mesh.Certificates.AnchorFile);
        var orders = $"https://localhost:{at.GatewayEdge}{Scenarios.Stage.OrdersOf("acme")}";
        var mesh1 = $"https://localhost:{at.OrdersMesh}{Scenarios.Stage.OrdersOf("acme")}";
        var json = "-H 'Content-Type: application/json' -d '{\"product\":\"lamp\",\"quantity\":2}'";
        return $"""

            The mesh is up. Ctrl+C stops it and removes {Path.GetDirectoryName(Path.GetDirectoryName(ca))}.

            # tokens: alice may read and write at acme, bob at globex, carol may only read at acme
            {string.Join(Environment.NewLine, User.All.Select(Login))}

            # an order, and all orders
            curl --cacert {ca} -H "Authorization: Bearer $ALICE" {json} {orders}
            curl --cacert {ca} -H "Authorization: Bearer $ALICE" {orders}

            # refused: no token; a permission is missing; another tenant
            curl --cacert {ca} {json} {orders}
            curl --cacert {ca} -H "Authorization: Bearer $CAROL" {json} {orders}
            curl --cacert {ca} -H "Authorization: Bearer $BOB" {orders}

            # Orders itself: without a certificate (refused by TLS), and as a listed workload without context
            curl --cacert {ca} {mesh1}
            curl --cacert {ca} --cert {mesh.Certificates.File("reporting.pem")} --key {mesh.Certificates.File("reporting.key")} {mesh1}

            # readiness; take Billing's tariffs away, look again, and put them back
            curl -i http://127.0.0.1:{at.BillingProbe}/healthz/ready
            rm {mesh.Settings.TariffsFile}; sleep 1; curl -i http://127.0.0.1:{at.BillingProbe}/healthz/ready
            echo '{"{"} "taxPercent": 19 {"}"}' > {mesh.Settings.TariffsFile}

            """;

        string Login(User user) =>
            $"{user.Name.ToUpperInvariant()}=$(curl -s --cacert {ca} -d grant_type=client_credentials -d client_id={user.Name} "
            + $"-d client_secret={user.Secret} {mesh.Issuer.Authority}connect/token | sed -n 's/.*\"access_token\": *\"\\([^\"]*\\)\".*/\\1/p')";
    }
}
