using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Propagation;
using ZeroTrust.OpenTelemetry.Rules;
using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>
/// The one compiled answer to what happens to an attribute, shared by every signal. It follows the configuration: each valid change
/// is compiled and put in the place of what was, and a change that is not valid is logged and passed over.
/// </summary>
internal sealed class RedactionPlan : IDisposable
{
    public const string Erased = "[erased]";
    public const string Failed = "[redaction failed]";

    private readonly IServiceProvider? _services;
    private readonly IDisposable[] _changes = [];
    private RedactionSnapshot _current;
    private BoundedLogger? _logger;

    /// <summary>A plan that follows the configuration.</summary>
    public RedactionPlan(IServiceProvider services)
    {
        _services = services;

        // The first log record asks for the plan before options are validated at start. That validation tells all faults at once and stops
        // the host; until then nothing but what the built-in rules keep goes out.
        _current = TryCompile(out _) ?? new RedactionSnapshot(new RedactionOptions { Mode = RedactionMode.KeepOnly }, [], redactors: null);

        // Not IOptionsMonitor.OnChange: it does not tell of a change that failed validation.
        _changes = [.. services.GetServices<IOptionsChangeTokenSource<RedactionOptions>>().Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    /// <summary>A plan that stays as it is.</summary>
    public RedactionPlan(IOptions<RedactionOptions> options) =>
        _current = new RedactionSnapshot(options.Value, [], redactors: null);

    /// <summary>How many keys are remembered.</summary>
    public int RememberedKeys => Current.RememberedKeys;

    /// <summary>Stands for the state of the options in use: another object after each change.</summary>
    public object Version => Current;

    /// <summary>The hosts that baggage may be sent to.</summary>
    public HostList BaggageDestinations => Current.BaggageDestinations;

    /// <summary>Whether each redaction is told.</summary>
    public bool ExplainsRedactions => Current.ExplainsRedactions;

    private RedactionSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Whether values of a key stay but for what detectors find in them.</summary>
    public bool Keeps(string key) => Current.PlanFor(key).IsKept;

    public KeyValuePair<string, object?> RedactTag(in KeyValuePair<string, object?> tag, out bool redacted)
    {
        var current = Current;
        var key = current.PlanFor(tag.Key ?? "");
        if (!key.IsKept || key.IsRenamed || tag.Value is not string text)
        {
            return ValueRedactor.RedactTag(current, key, tag, 0, out redacted);
        }

        var result = current.Text.Redact(text);
        redacted = !ReferenceEquals(result, text);
        return redacted ? new(tag.Key!, result) : tag;
    }

    /// <summary>Runs the value detectors over a text that has no key. Clean text comes back as the same reference.</summary>
    public string RedactText(string text) => Current.Text.Redact(text);

    /// <summary>Redacts a value that has no key of its own.</summary>
    public object RedactValue(object value, out bool redacted) => ValueRedactor.Redact(Current, KeyPlan.Keyless, value, 0, out redacted);

    public void Dispose() => Array.ForEach(_changes, static change => change.Dispose());

    private void Reload()
    {
        var next = TryCompile(out var error);
        var factory = _services!.GetService<ILoggerFactory>();
        if (next is not null)
        {
            Volatile.Write(ref _current, next);
        }

        if (factory is null)
        {
            return;
        }

        // Called by the configuration, which has other listeners to notify.
        var logger = _logger ??= new BoundedLogger(factory.CreateLogger(RedactionReport.Category));
        if (next is not null)
        {
            Log.RedactionReloaded(logger);
        }
        else
        {
            Log.RedactionReloadFailed(logger, error);
        }
    }

    /// <summary>Whatever keeps the options from being compiled, a conversion that fails or a fault that validation finds, leaves the ones in use.</summary>
    private RedactionSnapshot? TryCompile(out string error)
    {
        try
        {
            var options = _services!.GetRequiredService<IOptionsFactory<RedactionOptions>>().Create(Options.DefaultName);
            error = "";
            return new RedactionSnapshot(options, _services!.GetServices<ITextDetector>(), _services!.GetService<IRedactorProvider>());
        }
        catch (Exception exception)
        {
            error = exception.Message;
            return null;
        }
    }
}
