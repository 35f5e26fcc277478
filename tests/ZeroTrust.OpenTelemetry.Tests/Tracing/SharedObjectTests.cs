using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ZeroTrust.OpenTelemetry.Tests.Tracing;

/// <summary>What a span refers to may be in use elsewhere: it is copied, never edited.</summary>
public sealed class SharedObjectTests
{
    private const string Mail = "a@canary.example";

    [Fact]
    public void Array_of_the_application_stays_as_it_is()
    {
        string[] mails = [Mail, "plain"];

        var exported = Export(span => span.SetTag("mails", mails), static span => span.GetTagItem("mails"));

        Assert.Equal(["[email]", "plain"], Assert.IsType<string[]>(exported));
        Assert.Equal([Mail, "plain"], mails);
    }

    [Fact]
    public void Event_that_two_spans_share_stays_as_it_is()
    {
        var shared = new ActivityEvent("sent", tags: new ActivityTagsCollection { ["to"] = Mail, ["order"] = 7 });

        var exported = Export(span => span.AddEvent(shared), static span => string.Join(' ', span.Events.Single().Tags));

        Assert.Equal("[to, [email]] [order, 7]", exported);
        Assert.Equal(Mail, shared.Tags.First().Value);
    }

    [Theory]
    [InlineData("v=" + Mail)]
    [InlineData(null)]
    public void Link_that_two_spans_share_stays_as_it_is(string? state)
    {
        var shared = new ActivityLink(
            new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, state),
            new ActivityTagsCollection { ["order"] = 7, ["to"] = Mail });

        var exported = Export(span => span.AddLink(shared), static span => $"{string.Join(' ', span.Links.Single().Tags!)} {span.Links.Single().Context.TraceState}");

        Assert.Equal("[order, 7] [to, [email]] ", exported);
        Assert.Equal((Mail, state), (shared.Tags!.Last().Value, shared.Context.TraceState));
    }

    [Fact]
    public void Map_of_the_application_stays_as_it_is()
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal) { ["to"] = Mail };

        var exported = Export(span => span.SetTag("map", map), static span => string.Join(' ', (IEnumerable<KeyValuePair<string, object?>>)span.GetTagItem("map")!));

        Assert.Equal("[to, [email]]", exported);
        Assert.Equal(Mail, map["to"]);
    }

    [Fact]
    public void Source_stays_as_it_is()
    {
        using var source = new ActivitySource($"source.{Mail}", "1.0");

        var exported = Export(static _ => { }, static span => $"{span.Source.Name} {span.Source.Version}", source);

        Assert.Equal("[email] 1.0", exported);
        Assert.Equal($"source.{Mail}", source.Name);
        Assert.False(source.HasListeners());
    }

    [Fact]
    public void Event_and_link_without_anything_to_hide_are_not_replaced()
    {
        var tags = new ActivityTagsCollection { ["order"] = 7 };
        var (entry, link) = (new ActivityEvent("sent", tags: tags), new ActivityLink(default, tags));

        var exported = Export(span => span.AddEvent(entry).AddLink(link), span =>
            ReferenceEquals(span.Events.Single().Tags, entry.Tags) && ReferenceEquals(span.Links.Single().Tags, link.Tags));

        Assert.Equal(true, exported);
    }

    private static object? Export(Action<Activity> fill, Func<Activity, object?> read, ActivitySource? source = null)
    {
        using var own = new ActivitySource($"shared.{ActivitySpanId.CreateRandom()}");
        var recorder = new Recorder<Activity>(read);
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource((source ?? own).Name).AddZeroTrustRedaction()
            .AddProcessor(new SimpleActivityExportProcessor(recorder)).Build())
        {
            using var span = (source ?? own).StartActivity("a");
            fill(span!);
        }

        return Assert.Single(recorder.Seen);
    }
}
