using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

public sealed class ReadinessReporterTests
{
    private readonly List<string> _told = [];
    private readonly List<string> _failed = [];

    [Fact]
    public void A_signal_that_throws_keeps_no_other_from_hearing_and_is_reported_to_again()
    {
        var bad = new Signal(_told, "bad") { Fails = true };
        var reporter = new ReadinessReporter([bad, new Signal(_told, "good")], new WatchEvents { SignalFailed = (name, exception) => _failed.Add($"{name}: {exception.Message}") });

        Assert.True(reporter.Report("a", DependencyState.NotReady, "why"));
        Assert.False(reporter.Report("a", DependencyState.NotReady, "why"));
        Assert.Equal(["good a NotReady why"], _told);
        Assert.Equal(["a: mine"], _failed);

        bad.Fails = false;
        reporter.Report("a", DependencyState.NotReady, "why");
        Assert.Equal(["good a NotReady why", "bad a NotReady why"], _told);
    }

    [Fact]
    public async Task A_signal_that_hangs_keeps_no_other_from_hearing_and_hears_the_last_state_when_it_returns()
    {
        using var gate = new ManualResetEventSlim();
        var hanging = new Signal(_told, "hanging") { Gate = gate };
        var reporter = new ReadinessReporter([hanging, new Signal(_told, "good")], new WatchEvents { SignalFailed = (name, exception) => _failed.Add($"{name}: {exception.Message}") });

        await Task.Run(() => reporter.Report("a", DependencyState.Ready, reason: null), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        reporter.Report("a", DependencyState.NotReady, "why");
        reporter.Report("b", DependencyState.NotReady, "why", isHeartbeat: true);
        Assert.Equal(["good a Ready ", "good a NotReady why", "good b NotReady why"], _told);
        Assert.Equal(["a: The readiness signal does not return."], _failed);

        gate.Set();
        await Eventually.TrueAsync(
            () =>
            {
                reporter.Report("a", DependencyState.NotReady, "why");
                reporter.Report("b", DependencyState.NotReady, "why");
                return _told.Contains("hanging a NotReady why", StringComparer.Ordinal) && _told.Contains("hanging b NotReady why", StringComparer.Ordinal);
            },
            "It does not hear.");
    }

    [Fact]
    public void The_same_state_is_reported_once_unless_it_is_a_heartbeat()
    {
        var reporter = new ReadinessReporter([new Signal(_told, "it")], new WatchEvents());
        reporter.Report("a", DependencyState.Ready, reason: null);
        reporter.Report("a", DependencyState.Ready, reason: null);
        reporter.Report("a", DependencyState.Ready, reason: null, isHeartbeat: true);

        Assert.Equal(2, _told.Count);
    }

    private sealed class Signal(List<string> told, string name) : IReadinessSignal
    {
        public bool Fails { get; set; }

        public ManualResetEventSlim? Gate { get; init; }

        public void Report(string dependency, DependencyState state, string? reason = null)
        {
            if (Fails)
            {
                throw new InvalidOperationException("mine");
            }

            Gate?.Wait();
            told.Add($"{name} {dependency} {state} {reason}");
        }
    }
}
