using System.Diagnostics;
using System.Runtime.CompilerServices;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>Gives a span whose source has a name, version or tag that must not leave another source to be exported under. The source itself stays as it is.</summary>
internal sealed class SourceRedactor(RedactionPolicyProvider policies, SurfaceRedactor surfaces)
{
    private StandIns _standIns = new(policies.Current);

    public void Redact(Activity activity, ref bool redacted)
    {
        var standIn = StandInFor(activity.Source);
        if (!ReferenceEquals(standIn, activity.Source))
        {
            SourceOf(activity) = standIn;
            redacted = true;
        }
    }

    /// <summary>Whether the source of a span may leave as it is.</summary>
    public bool IsClean(ActivitySource source) => ReferenceEquals(StandInFor(source), source);

    /// <summary>The field behind <see cref="Activity.Source"/>, which has no public setter.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    public static extern ref ActivitySource SourceOf(Activity activity);

    /// <summary>The source to export under: the source itself where it is clean.</summary>
    private ActivitySource StandInFor(ActivitySource source)
    {
        var standIns = Volatile.Read(ref _standIns);
        if (!ReferenceEquals(standIns.Version, policies.Current))
        {
            standIns = new StandIns(policies.Current);
            Volatile.Write(ref _standIns, standIns);
        }

        return standIns.Of.TryGetValue(source, out var standIn) ? standIn : standIns.Of.GetValue(source, Create);
    }

    private ActivitySource Create(ActivitySource source)
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
            return source;
        }

        // Disposed at once: it only carries names, and nobody is to listen to it.
        using var standIn = new ActivitySource(options);
        return standIn;
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

    /// <summary>What was decided under one state of the options.</summary>
    private sealed record StandIns(object Version)
    {
        public ConditionalWeakTable<ActivitySource, ActivitySource> Of { get; } = [];
    }
}
