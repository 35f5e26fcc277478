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

        public void Report(string dependency, DependencyState state, string? reason = null)
        {
            if (Fails)
            {
                throw new InvalidOperationException("mine");
            }

            told.Add($"{name} {dependency} {state} {reason}");
        }
    }
}
