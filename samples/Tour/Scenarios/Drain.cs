using System.Net;
using System.Net.Sockets;
using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenario 15: Orders is told to stop while it works.</summary>
internal static class Drain
{
    private const int Workers = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a balancer goes on sending new connections after the probes said no: less than the service keeps serving.</summary>
    private static readonly TimeSpan Propagation = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static IEnumerable<Scenario> All => [new(15, "SIGTERM during load", PlayAsync)];

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var mesh = stage.Mesh;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var before = await mesh.Rows.OrdersAsync(patience.Token);
        var watch = new Watch(mesh.Addresses);
        var load = new Load(
            mesh.As(mesh.Certificates.Gateway),
            mesh.Addresses.OrdersMesh,
            Stage.OrdersOf("acme"),
            Stage.SampleOrder,
            stage.GatewayContext(User.Alice).Headers);

        var watching = watch.RunAsync(patience.Token);
        var working = load.RunAsync(Workers, renewing: 1, () => !watch.NotReadyFor(Propagation), patience.Token);
        await Task.Delay(WarmUp, patience.Token);
        var atSignal = load.AnsweredInAll;
        var exitCode = await mesh.Orders.TerminateAsync(patience.Token);
        await working;
        await watching;

        var draining = load.AnsweredInAll - atSignal;
        stage.Note($"answered before SIGTERM {atSignal}, after {draining}", "some, some", $"{Some(atSignal)}, {Some(draining)}");
        stage.Note($"answers: {load.Summary}", "all 201, 0 lost, 0 refused",
            $"{(load.Answered(201) == load.AnsweredInAll ? "all 201" : "not all 201")}, {load.Lost} lost, {load.Refused} refused");
        var rows = await mesh.Rows.OrdersAsync(cancellationToken) - before;
        stage.Note("rows = answers 201", "0 apart", $"{Math.Abs(rows - load.Answered(201))} apart");
        stage.Note($"health says so first, by {watch.Lead}", "503, NOT_SERVING",
            $"{(watch.HttpNotReady < watch.Closed ? "503" : "no 503")}, {(watch.GrpcNotServing < watch.Closed ? "NOT_SERVING" : "no NOT_SERVING")}");
        stage.Note("exit code", "0", $"{exitCode}");

        await mesh.StartOrdersAsync(cancellationToken);
        var token = await stage.TokenAsync(User.Alice, cancellationToken);
        var answer = await stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken);
        stage.Note("started again, an order", "201", answer.Text);
    }

    private static string Some(int count) => count > 0 ? "some" : "none";

    /// <summary>When each prober first saw Orders go. The close is dated when it was asked for, so that a slow answer cannot flatter.</summary>
    private sealed class Watch(Addresses addresses)
    {
        private long? _httpNotReady;
        private long? _grpcNotServing;
        private long? _closed;

        public long? HttpNotReady => _httpNotReady;

        public long? GrpcNotServing => _grpcNotServing;

        public long? Closed => _closed;

        public string Lead => _httpNotReady is { } first && _closed is { } closed
            ? $"{TimeProvider.System.GetElapsedTime(first, closed).TotalMilliseconds:F0} ms"
            : "nothing";

        public bool NotReadyFor(TimeSpan duration) =>
            _httpNotReady is { } since && TimeProvider.System.GetElapsedTime(since) > duration;

        public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
            HttpAsync(cancellationToken), GrpcAsync(cancellationToken), ConnectAsync(cancellationToken));

        private async Task HttpAsync(CancellationToken cancellationToken)
        {
            using var probe = new Probe(addresses.OrdersProbe, addresses.OrdersProbeGrpc);
            while (_httpNotReady is null && _closed is null)
            {
                if (await probe.HttpAsync(cancellationToken) == StatusCodes.Status503ServiceUnavailable)
                {
                    _httpNotReady = TimeProvider.System.GetTimestamp();
                }

                await Task.Delay(Poll, cancellationToken);
            }
        }

        private async Task GrpcAsync(CancellationToken cancellationToken)
        {
            using var probe = new Probe(addresses.OrdersProbe, addresses.OrdersProbeGrpc);
            while (_grpcNotServing is null && _closed is null)
            {
                if (await probe.GrpcAsync(cancellationToken) == "NOT_SERVING")
                {
                    _grpcNotServing = TimeProvider.System.GetTimestamp();
                }

                await Task.Delay(Poll, cancellationToken);
            }
        }

        private async Task ConnectAsync(CancellationToken cancellationToken)
        {
            while (_closed is null)
            {
                var asked = TimeProvider.System.GetTimestamp();
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, addresses.OrdersMesh, cancellationToken);
                }
                catch (SocketException)
                {
                    _closed = asked;
                }

                await Task.Delay(Poll, cancellationToken);
            }
        }
    }
}
