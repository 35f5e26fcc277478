using System.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

/// <summary>Spans whose listeners throw. Each source is the test's own, since listeners hear of all sources of a process.</summary>
public sealed class QuietSpanTests
{
    public enum Moment
    {
        Sample,
        Started,
        Stopped,
    }

    [Theory]
    [InlineData(Moment.Sample)]
    [InlineData(Moment.Started)]
    [InlineData(Moment.Stopped)]
    public void A_listener_that_throws_ends_nothing_and_leaves_no_span_current(Moment moment)
    {
        using var source = new ActivitySource($"quiet {moment}");
        var thrown = 0;
        using var listener = NewListener(source, at => _ = at == moment ? throw new InvalidOperationException($"mine {thrown++}") : 0);
        using var around = new Activity("around").Start();

        using (var span = QuietSpan.Start(source, "span", ActivityKind.Client))
        {
            span.Activity?.SetTag("a", "b");
            Assert.Equal(moment == Moment.Stopped, span.Activity is not null);
        }

        Assert.Equal(1, thrown);
        Assert.Same(around, Activity.Current);
    }

    [Fact]
    public void A_listener_that_works_gets_the_span_and_the_one_around_it_is_current_again()
    {
        using var source = new ActivitySource("quiet works");
        List<Moment> moments = [];
        using var listener = NewListener(source, moments.Add);
        using var around = new Activity("around").Start();
        var began = DateTimeOffset.UnixEpoch;

        using (var span = QuietSpan.Start(source, "span", ActivityKind.Server, began))
        {
            Assert.Same(span.Activity, Activity.Current);
            Assert.Equal(around.Id, span.Activity!.ParentId);
            Assert.Equal((ActivityKind.Server, began.UtcDateTime), (span.Activity.Kind, span.Activity.StartTimeUtc));
        }

        Assert.Equal([Moment.Sample, Moment.Started, Moment.Stopped], moments);
        Assert.Same(around, Activity.Current);
    }

    private static ActivityListener NewListener(ActivitySource source, Action<Moment> heard)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = asked => ReferenceEquals(asked, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                heard(Moment.Sample);
                return ActivitySamplingResult.AllData;
            },
            ActivityStarted = _ => heard(Moment.Started),
            ActivityStopped = _ => heard(Moment.Stopped),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
