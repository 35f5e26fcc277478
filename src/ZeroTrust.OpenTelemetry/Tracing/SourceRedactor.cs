using System.Diagnostics;
using System.Runtime.CompilerServices;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>Gives a span whose source has a name, version or tag that must not leave another source to be exported under. The source itself stays as it is.</summary>
internal sealed class SourceRedactor(SurfaceRedactor surfaces)
{
    private readonly ConditionalWeakTable<ActivitySource, StandIn> _standIns = [];

    public void Redact(Activity activity, ref bool redacted)
    {
        var source = activity.Source;
        if (!_standIns.TryGetValue(source, out var standIn))
        {
            standIn = _standIns.GetValue(source, Create);
            _standIns.TryAdd(standIn.Source, new StandIn(standIn.Source));
        }

        if (!ReferenceEquals(standIn.Source, source))
        {
            SourceOf(activity) = standIn.Source;
            redacted = true;
        }
    }

    /// <summary>Whether the source of a span may leave as it is.</summary>
    public bool IsClean(ActivitySource source) => _standIns.TryGetValue(source, out var standIn) && ReferenceEquals(standIn.Source, source);

    /// <summary>The field behind <see cref="Activity.Source"/>, which has no public setter.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    public static extern ref ActivitySource SourceOf(Activity activity);

    private StandIn Create(ActivitySource source)
    {
        var redacted = false;
        var options = new ActivitySourceOptions(surfaces.Text(Signals.Span, "source name", source.Name, ref redacted))
        {
            Version = Text("source version", source.Version, ref redacted),
            TelemetrySchemaUrl = Text("source schema", source.TelemetrySchemaUrl, ref redacted),
            Tags = Tags(source.Tags, ref redacted),
        };
        if (!redacted)
        {
            return new StandIn(source);
        }

        // Disposed at once: it only carries names, and nobody is to listen to it.
        using var other = new ActivitySource(options);
        return new StandIn(other);
    }

    private string? Text(string surface, string? text, ref bool redacted) => text is null ? null : surfaces.Text(Signals.Span, surface, text, ref redacted);

    private List<KeyValuePair<string, object?>>? Tags(IEnumerable<KeyValuePair<string, object?>>? tags, ref bool redacted)
    {
        if (tags is null)
        {
            return null;
        }

        List<KeyValuePair<string, object?>> result = [];
        foreach (var tag in tags)
        {
            result.Add(surfaces.Tag(Signals.Span, "source tag", tag, ref redacted));
        }

        return result;
    }

    private sealed class StandIn(ActivitySource source)
    {
        public ActivitySource Source => source;
    }
}
