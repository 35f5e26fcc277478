using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using ZeroTrust.OpenTelemetry.Propagation;
using ZeroTrust.OpenTelemetry.Rules;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>What one state of the options was compiled to. Never changes; a reload makes another.</summary>
internal sealed class RedactionSnapshot
{
    private const string ExceptionMessage = "exception.message";
    private const string ExceptionStackTrace = "exception.stacktrace";

    private readonly RuleTable _rules;
    private readonly KeyPlanCache _plans;

    /// <exception cref="InvalidOperationException">A rule names a classification, and there is no redactor provider.</exception>
    public RedactionSnapshot(RedactionOptions options, IEnumerable<ITextDetector> detectors, IRedactorProvider? redactors)
    {
        Text = new TextRedactor(detectors, options.AllowedValues);
        Statements = new StatementRedactor(Text);
        BaggageDestinations = new HostList(options.BaggageDestinations);
        ExplainsRedactions = options.ExplainRedactions;
        Tokenizer = options.TokenKey is { } key64 && Tokenizer.TryDecodeKey(key64, out var tokenKey)
            ? new Tokenizer(tokenKey, options.TokenKeyId, options.RetiredTokenKeyIds)
            : null;
        (string Key, KeyDecision Decision)[] rules = [.. DefaultRules.All, .. options.Rules.Select(rule => (rule.Key, Compile(rule, redactors)))];
        var otherwise = options.Mode == RedactionMode.KeepOnly ? KeyDecision.Erase : KeyDecision.Keep;
        _rules = new RuleTable(rules, otherwise);

        // A stack trace begins with the message: hiding one without the other hides nothing.
        if (_rules.Find(ExceptionMessage).Action != RedactionAction.Keep && _rules.Find(ExceptionStackTrace).Action == RedactionAction.Keep)
        {
            _rules = new RuleTable([.. rules, (ExceptionStackTrace, KeyDecision.Erase)], otherwise);
        }

        _plans = new KeyPlanCache(Decide);
    }

    public TextRedactor Text { get; }

    public StatementRedactor Statements { get; }

    public Tokenizer? Tokenizer { get; }

    public HostList BaggageDestinations { get; }

    public bool ExplainsRedactions { get; }

    /// <summary>How many keys are remembered.</summary>
    public int RememberedKeys => _plans.Count;

    public KeyPlan PlanFor(string key) => _plans.PlanFor(key);

    private KeyPlan Decide(string key) => new(key, Text.Redact(key), _rules.Find(key));

    private static KeyDecision Compile(RedactionRule rule, IRedactorProvider? redactors) =>
        new(rule.Action, rule.Length, rule.Action == RedactionAction.Classified ? RedactorFor(rule, redactors) : null);

    private static Redactor RedactorFor(RedactionRule rule, IRedactorProvider? redactors)
    {
        var names = (rule.Classification ?? "").Split(':', 2);
        return redactors is not null && names.Length == 2
            ? redactors.GetRedactor(new DataClassificationSet(new DataClassification(names[0], names[1])))
            : throw new InvalidOperationException($"The rule for '{rule.Key}' has no redactor.");
    }
}
