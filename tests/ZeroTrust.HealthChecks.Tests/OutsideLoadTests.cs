using System.Net;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>One process from its cold start to its SIGTERM, seen by callers and a prober from outside.</summary>
public sealed class OutsideLoadTests
{
    private const int CallsOfAPhase = 500;

    private const int CallsOfTheDrain = 100;

    // Every HTTP/1.1 call of the drain is a handshake, and the machine may be busy.
    private static readonly TimeSpan PropagationDelay = TimeSpan.FromSeconds(8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_served_while_not_ready_and_nothing_accepted_is_lost()
    {
        await using var service = new ServiceProcess(PropagationDelay);
        using var prober = HealthHost.NewClient(service.Probe, HttpVersion.Version11);
        await AnswersAsync(service, prober, HttpStatusCode.ServiceUnavailable);

        // Cold: the listener is open, the dependency has never been there.
        using var load = new OutsideLoad(service);
        var cold = Now;
        await load.MakeAsync(CallsOfAPhase);
        var warm = Now;
        service.BringDependency();
        await AnswersAsync(service, prober, HttpStatusCode.OK);
        await load.MakeAsync(CallsOfAPhase);

        // An outage, from when a prober knows of it to when it ends.
        service.TakeDependency();
        await AnswersAsync(service, prober, HttpStatusCode.ServiceUnavailable);
        var lost = Now;
        await load.MakeAsync(CallsOfAPhase);
        var back = Now;
        service.BringDependency();
        await AnswersAsync(service, prober, HttpStatusCode.OK);
        var ready = Now;
        await load.MakeAsync(CallsOfAPhase);

        // The end. The balancer stops sending when it has seen a 503, and not at once.
        service.Terminate();
        var seen = await FirstUnavailableAsync(service);
        var draining = Now;
        await load.MakeAsync(CallsOfTheDrain);
        await load.StopAsync();
        var stopped = Now;
        Assert.Equal(0, await service.ExitAsync());

        Assert.True(seen, "The listener closed before a prober saw 503.");
        Assert.Empty(load.Calls.Where(call => call.Error is not null).Select(call => call.Error!.Message));
        Assert.Equal(0, Served(load, cold, warm));
        Assert.Equal(0, Served(load, lost, back));
        Assert.Equal(0, load.Calls.Count(call => call.IsWithin(ready, stopped) && call.Status != HttpStatusCode.OK));
        Assert.True(load.Calls.Count(call => call.IsWithin(draining, stopped)) >= CallsOfTheDrain / 2);
        TestContext.Current.SendDiagnosticMessage(
            "{0} calls: cold {1}, outage {2}, drain {3}; 0 served while not ready, 0 lost",
            load.Calls.Count,
            load.Calls.Count(call => call.IsWithin(cold, warm)),
            load.Calls.Count(call => call.IsWithin(lost, back)),
            load.Calls.Count(call => call.IsWithin(draining, stopped)));
    }

    [Fact]
    public async Task A_process_with_open_diagnostics_does_not_start_in_production()
    {
        await using var service = new ServiceProcess(PropagationDelay, closeDiagnostics: false);

        Assert.NotEqual(0, await service.ExitAsync());

        await Eventually.IsTrueAsync(() => service.Log.Contains("health.diagnostic_port", StringComparison.Ordinal));
        Assert.Contains("health.debugger_pipe", service.Log, StringComparison.Ordinal);
        Assert.Contains("DOTNET_EnableDiagnostics=0", service.Log, StringComparison.Ordinal);
    }

    private static long Now => TimeProvider.System.GetTimestamp();

    private static int Served(OutsideLoad load, long from, long to) => load.Calls.Count(call => call.IsWithin(from, to) && call.Status != HttpStatusCode.ServiceUnavailable);

    private static Task AnswersAsync(ServiceProcess service, HttpClient prober, HttpStatusCode expected) => Eventually.IsTrueAsync(async () =>
    {
        try
        {
            using var answer = await prober.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled);
            return answer.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            Assert.DoesNotContain("Unhandled exception", service.Log, StringComparison.Ordinal);
            return false;
        }
    });

    /// <summary>Asks over new connections, as a kubelet does, until one is answered 503 or refused.</summary>
    private static async Task<bool> FirstUnavailableAsync(ServiceProcess service)
    {
        while (true)
        {
            using var prober = HealthHost.NewClient(service.Probe, HttpVersion.Version11);
            try
            {
                using var answer = await prober.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}
