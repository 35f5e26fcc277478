using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ZeroTrust.Shared;

/// <summary>Measures for code that has to go on: a meter listener of the application that throws refuses nobody and ends no loop.</summary>
/// <remarks>One that hangs holds its caller; loops measure within <c>BoundedLogger.Run</c>.</remarks>
internal static class QuietMeasurements
{
    public static void AddQuietly(this Counter<long> counter, long delta, in TagList tags)
    {
        try
        {
            counter.Add(delta, tags);
        }
        catch (Exception)
        {
            // The listeners that work have heard it by now.
        }
    }

    public static void AddQuietly(this Counter<long> counter, long delta, KeyValuePair<string, object?> tag) => counter.AddQuietly(delta, new TagList { tag });

    public static void AddQuietly(this Counter<long> counter, long delta, KeyValuePair<string, object?> first, KeyValuePair<string, object?> second) =>
        counter.AddQuietly(delta, new TagList { first, second });

    public static void AddQuietly(this UpDownCounter<long> counter, long delta)
    {
        try
        {
            counter.Add(delta);
        }
        catch (Exception)
        {
            // As above.
        }
    }

    public static void RecordQuietly(this Histogram<double> histogram, double value, in TagList tags)
    {
        try
        {
            histogram.Record(value, tags);
        }
        catch (Exception)
        {
            // As above.
        }
    }
}
