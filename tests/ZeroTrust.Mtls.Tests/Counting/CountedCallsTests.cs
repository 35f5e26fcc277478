using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>Calls at random to a server that executes them and cuts: what is not idempotent is executed once at most.</summary>
/// <remarks><c>ZEROTRUST_COUNTED_CALLS</c> is the number of calls, <c>ZEROTRUST_SEED</c> the seed.</remarks>
public sealed class CountedCallsTests : IDisposable
{
    private const int Clients = 4;

    // The first attempt, three of the platform, and once more across a rotation, of which there is none here.
    private const int MostAttempts = 4;

    private static readonly string[] Methods = ["POST", "PATCH", "LOCK", "POST", "GET", "HEAD", "PUT", "DELETE"];

    private static readonly Cut[] OfHttp11 =
        [Cut.Fin, Cut.RawFin, Cut.Rst, Cut.HalfHead, Cut.HalfContent, Cut.AfterAnswer, Cut.Fin];

    private static readonly Cut[] OfHttp2 =
    [
        Cut.Fin, Cut.RawFin, Cut.Rst, Cut.HalfHead, Cut.HalfContent, Cut.AfterAnswer, Cut.GoAwayExecuted, Cut.GoAwayNotExecuted,
        Cut.DrainRunOut, Cut.ResetStream, Cut.Http11Required, Cut.RefusedStream,
    ];

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_is_not_idempotent_is_executed_once_at_most()
    {
        var calls = int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_COUNTED_CALLS") ?? "600", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SEED") ?? "22", CultureInfo.InvariantCulture);
        using var orders = _world.Intermediate.Issue(World.Orders);
        using var billing = _world.Intermediate.Issue(World.Billing);
        await using var server = new CountingServer(_world.Tls(billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        var told = new Tally();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async share =>
        {
            using var client = new BoundClient(_world, orders);
            for (var call = share; call < calls; call += Clients)
            {
                var choice = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{call}")));
                await CallAsync(client, server, call, choice, told);
            }
        }));

        TestContext.Current.SendDiagnosticMessage("{0} calls, seed {1}: {2}", calls, seed, told);
        Assert.Equal(0, told.NotIdempotentTwice);
        Assert.True(told.Repeated > 0, "nothing was repeated");
        Assert.True(told.Lost > 0, "nothing was lost");
    }

    private static async Task CallAsync(BoundClient client, CountingServer server, int call, byte[] choice, Tally told)
    {
        var isHttp2 = choice[0] % 2 == 0;
        var cuts = isHttp2 ? OfHttp2 : OfHttp11;
        var cut = choice[1] % 2 == 0 ? Cut.None : cuts[choice[2] % cuts.Length];
        var method = HttpMethod.Parse(Methods[choice[3] % Methods.Length]);
        using var request = new HttpRequestMessage(method, server.AddressOf(call, cut, 1 + (choice[4] % 5)))
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = choice[5] % 2 == 0 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
            Content = choice[6] % 3 == 0 && method != HttpMethod.Get && method != HttpMethod.Head ? new StringContent("body") : null,
        };
        if (choice[7] % 8 == 0)
        {
            request.Headers.ExpectContinue = true;
        }

        var content = request.Content;
        var succeeded = true;
        try
        {
            using var response = isHttp2 || choice[8] % 4 != 0
                ? await client.Http.SendAsync(request, TestContext.Current.CancellationToken)
                : client.Send(request);
        }
        catch (HttpRequestException)
        {
            succeeded = false;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // The platform's word for a connection of HTTP/2 that ends while a call waits for 100 (Continue).
            succeeded = false;
        }

        Assert.Same(content, request.Content);
        told.Add(request.Method, succeeded, server.ExecutionsOf(call), $"{call} {request.Method} {cut} {request.Version}");
        Assert.InRange(server.ExecutionsOf(call), succeeded ? 1 : 0, MostAttempts);
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private int _calls;
        private string _twice = "";

        public int NotIdempotentTwice { get; private set; }

        public int Repeated { get; private set; }

        public int Lost { get; private set; }

        public void Add(HttpMethod method, bool succeeded, int executions, string what)
        {
            lock (_lock)
            {
                _calls++;
                Lost += succeeded ? 0 : 1;
                Repeated += executions > 1 ? 1 : 0;
                if (executions > 1 && method.Method is ("POST" or "PATCH" or "LOCK"))
                {
                    NotIdempotentTwice++;
                    _twice += $" [{what}]";
                }
            }
        }

        public override string ToString() =>
            $"{_calls} done, {Lost} failed, {Repeated} idempotent ones executed more than once, {NotIdempotentTwice} others{_twice}";
    }
}
