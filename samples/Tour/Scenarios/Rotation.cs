using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenario 17: Orders' certificate is replaced on disk while it works.</summary>
internal static class Rotation
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static IEnumerable<Scenario> All => [new(17, "Orders' certificate replaced under load", PlayAsync)];

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var mesh = stage.Mesh;
        var old = Certificates.Sha256(mesh.Certificates.Orders);
        var load = new Load(
            mesh.As(mesh.Certificates.Gateway),
            mesh.Addresses.OrdersMesh,
            Stage.OrdersOf("acme"),
            Stage.SampleOrder,
            stage.GatewayContext(User.Alice).Headers);
        var before = await mesh.Rows.OrdersAsync(cancellationToken);
        var working = load.RunAsync(keeping: 2, renewing: 2, static () => true, cancellationToken);
        await Task.Delay(WarmUp, cancellationToken);
        var answeredBefore = load.AnsweredInAll;
        var fresh = Certificates.Sha256(mesh.Certificates.RotateOrders());
        var started = TimeProvider.System.GetTimestamp();
        while (!load.Saw(fresh) && TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(Poll, cancellationToken);
        }

        var seen = TimeProvider.System.GetElapsedTime(started);
        await Task.Delay(WarmUp, cancellationToken);
        load.Stop();
        await working;

        stage.Note($"new connections see it after {seen.TotalMilliseconds:F0} ms", "old, then new",
            $"{(load.Saw(old) ? "old" : "not old")}, then {(load.Saw(fresh) ? "new" : "not new")}");
        await using (var connection = await RawConnection.OpenAsync(
            mesh.As(mesh.Certificates.Gateway), mesh.Addresses.OrdersMesh, cancellationToken))
        {
            stage.Note("a connection made now", "new", connection.ServerLeaf == fresh ? "new" : "old");
        }

        stage.Note($"answers: {load.Summary}", "all 201, 0 lost, 0 refused",
            $"{(load.Answered(201) == load.AnsweredInAll && answeredBefore > 0 ? "all 201" : "not all 201")}, {load.Lost} lost, {load.Refused} refused");
        var rows = await mesh.Rows.OrdersAsync(cancellationToken) - before;
        stage.Note("rows = answers 201", "0 apart", $"{Math.Abs(rows - load.Answered(201))} apart");
    }
}
