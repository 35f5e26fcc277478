using System.Diagnostics;

namespace ZeroTrust.Shared;

/// <summary>A span for code that has to go on: an activity listener of the application that throws refuses nobody, and leaves no span current.</summary>
internal readonly struct QuietSpan : IDisposable
{
    private readonly Activity? _before;

    private QuietSpan(Activity? activity, Activity? before)
    {
        Activity = activity;
        _before = before;
    }

    /// <summary>The span; null where nobody listens, or a listener threw.</summary>
    public Activity? Activity { get; }

    public static QuietSpan Start(ActivitySource source, string name, ActivityKind kind, DateTimeOffset startTime = default)
    {
        if (!source.HasListeners())
        {
            return default;
        }

        var before = System.Diagnostics.Activity.Current;
        try
        {
            return new QuietSpan(source.StartActivity(name, kind, parentContext: default, startTime: startTime), before);
        }
        catch (Exception)
        {
            Restore(before);
            return default;
        }
    }

    public void Dispose()
    {
        try
        {
            Activity?.Dispose();
        }
        catch (Exception)
        {
            Restore(_before);
        }
    }

    // A started span that a listener threw at is current; so is one that could not be told of its end.
    private static void Restore(Activity? before)
    {
        try
        {
            System.Diagnostics.Activity.Current = before;
        }
        catch (Exception)
        {
            // Who is told of the current span is the application's as well.
        }
    }
}
