using System.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Reads from the attributes of a record which database its statement is for.</summary>
internal static class DatabaseSystem
{
    private const string Name = "db.system.name";

    /// <summary>The attribute before it was renamed.</summary>
    private const string FormerName = "db.system";

    /// <summary>The system that a span names.</summary>
    public static Func<Activity, string?> OfSpan { get; } = static span => (span.GetTagItem(Name) ?? span.GetTagItem(FormerName)) as string;

    /// <summary>The system that the attributes of a log record name.</summary>
    public static Func<IReadOnlyList<KeyValuePair<string, object?>>, string?> OfLog { get; } = static attributes =>
        Find(attributes, Name) ?? Find(attributes, FormerName);

    private static string? Find(IReadOnlyList<KeyValuePair<string, object?>> attributes, string key)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            if (attributes[i].Key == key)
            {
                return attributes[i].Value as string;
            }
        }

        return null;
    }
}
