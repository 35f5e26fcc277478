using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>Proves once, at start, that this runtime lets an ended span be edited and shows the edits to whoever reads it afterwards.</summary>
internal sealed class SpanEditProof
{
    public SpanEditProof()
        : this(EditsAreSeen)
    {
    }

    internal SpanEditProof(Func<bool> proof)
    {
        try
        {
            IsProved = proof();
        }
        catch (Exception)
        {
            IsProved = false;
        }
    }

    public bool IsProved { get; }

    private static bool EditsAreSeen()
    {
        using var source = new ActivitySource("before");
        using var activity = new Activity("self-test");
        activity.AddTag("k", "before");
        activity.AddEvent(new ActivityEvent("before"));
        activity.AddLink(new ActivityLink(default));
        activity.Stop();
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            Unsafe.AsRef(in tag) = new KeyValuePair<string, object?>("k", "after");
        }

        foreach (ref readonly var entry in activity.EnumerateEvents())
        {
            Unsafe.AsRef(in entry) = new ActivityEvent("after");
        }

        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            Unsafe.AsRef(in link) = new ActivityLink(default, new ActivityTagsCollection { ["k"] = "after" });
        }

        activity.DisplayName = "after";
        SourceRedactor.SourceOf(activity) = source;
        return Equals(activity.GetTagItem("k"), "after") && activity.Events.Single().Name == "after" && activity.Links.Single().Tags?.Single().Value is "after"
            && activity.DisplayName == "after" && ReferenceEquals(activity.Source, source);
    }
}
