using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.Options;
using ZeroTrust.Redaction.Internal;
using ZeroTrust.Redaction.Names;
using ZeroTrust.Redaction.Rules;
using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction;

/// <summary>What one state of <see cref="RedactionOptions"/> was compiled to: what happens to an attribute, a value, a text. Never changes; a reload makes another.</summary>
/// <remarks>Safe for any number of threads. Where nothing is found the same reference comes back, and nothing is allocated.</remarks>
public sealed class RedactionPolicy
{
    /// <summary>What stands in the place of a value that a rule erased: <c>[erased]</c>.</summary>
    public const string Erased = "[erased]";

    /// <summary>What stands in the place of what could not be redacted: <c>[redaction failed]</c>.</summary>
    public const string Failed = "[redaction failed]";

    private const string ExceptionMessage = "exception.message";
    private const string ExceptionStackTrace = "exception.stacktrace";

    private readonly RuleTable _rules;
    private readonly KeyPlanCache _plans;

    internal RedactionPolicy(RedactionOptions options, IEnumerable<ITextDetector> detectors, IRedactorProvider? redactors)
    {
        Text = new TextRedactor(detectors, options.AllowedValues, DetectorSwitches.Read(options.Detectors), ConfiguredShapes.Compile(options.TokenShapes));
        Statements = new StatementRedactor(Text, options.KeepComments);
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

    internal TextRedactor Text { get; }

    internal StatementRedactor Statements { get; }

    internal Tokenizer? Tokenizer { get; }

    /// <summary>How many keys are remembered.</summary>
    internal int RememberedKeys => _plans.Count;

    /// <summary>A policy without a host.</summary>
    /// <param name="options">The options. Later changes to them change nothing.</param>
    /// <param name="detectors">Detectors of the application, behind the built-in ones.</param>
    /// <param name="redactors">Whose redactors <see cref="RedactionAction.Classified"/> takes; required where a rule uses it.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    public static RedactionPolicy Create(RedactionOptions options, IEnumerable<ITextDetector>? detectors = null, IRedactorProvider? redactors = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ITextDetector[] own = [.. detectors ?? []];
        var result = RedactionOptionsValidator.Validate(options, own, redactors is not null);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(RedactionOptions), result.Failures)
            : new RedactionPolicy(options, own, redactors);
    }

    /// <summary>Whether values of a key stay but for what detectors find in them.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the rules keep it.</returns>
    public bool Keeps(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return PlanFor(key).IsKept;
    }

    /// <summary>Redacts an attribute by the rules for its key and by the detectors, its key included.</summary>
    /// <param name="tag">The attribute.</param>
    /// <param name="redacted">Whether something was redacted.</param>
    /// <returns>What may leave; the same key and value where nothing was found. Nothing is edited in place.</returns>
    /// <remarks>
    /// The look of a statement tells its language. Where the database is known, give it to
    /// <see cref="RedactTag(in KeyValuePair{string, object?}, string?, out bool)"/>.
    /// </remarks>
    public KeyValuePair<string, object?> RedactTag(in KeyValuePair<string, object?> tag, out bool redacted) =>
        RedactTag(tag, databaseSystem: null, out redacted);

    /// <summary>
    /// Redacts an attribute as <see cref="RedactTag(in KeyValuePair{string, object?}, out bool)"/> does, and a statement in the language of its
    /// database.
    /// </summary>
    /// <param name="tag">The attribute.</param>
    /// <param name="databaseSystem">
    /// The value of <c>db.system.name</c> or <c>db.system</c> beside it. Where it is <see langword="null"/>, not known or the name of a database
    /// with several languages, the look of the statement tells; a statement that has no known look is erased.
    /// </param>
    /// <param name="redacted">Whether something was redacted.</param>
    /// <returns>What may leave; the same key and value where nothing was found. Nothing is edited in place.</returns>
    public KeyValuePair<string, object?> RedactTag(in KeyValuePair<string, object?> tag, string? databaseSystem, out bool redacted) =>
        RedactTag(tag, databaseSystem, static system => system, out redacted);

    /// <summary>Redacts an attribute as the other overloads do, and asks for the database only where the attribute is a statement.</summary>
    /// <typeparam name="TState">The type of what the function is given.</typeparam>
    /// <param name="tag">The attribute.</param>
    /// <param name="state">What the function is given, such as the span that the attribute is of.</param>
    /// <param name="databaseSystem">Returns the value of <c>db.system.name</c> or <c>db.system</c>, if there is one.</param>
    /// <param name="redacted">Whether something was redacted.</param>
    /// <returns>What may leave; the same key and value where nothing was found. Nothing is edited in place.</returns>
    public KeyValuePair<string, object?> RedactTag<TState>(
        in KeyValuePair<string, object?> tag, TState state, Func<TState, string?> databaseSystem, out bool redacted)
    {
        ArgumentNullException.ThrowIfNull(databaseSystem);
        var key = PlanFor(tag.Key ?? "");
        var isStatement = key.Decision.Action == RedactionAction.StripLiterals;
        if ((!key.IsKept && !isStatement) || key.IsRenamed || key.Told != SecretKind.None || tag.Value is not string text)
        {
            return ValueRedactor.RedactTag(this, key, tag, 0, out redacted);
        }

        var result = isStatement ? Statements.Redact(text, databaseSystem(state)) : Text.Redact(text);
        redacted = !ReferenceEquals(result, text);
        return redacted ? new(tag.Key!, result) : tag;
    }

    /// <summary>Runs the detectors over a text that has no key.</summary>
    /// <param name="text">The text. One of more than 1,048,576 characters is not read and goes as a whole.</param>
    /// <returns>What may leave; the same reference where nothing was found.</returns>
    public string RedactText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Text.Redact(text);
    }

    /// <summary>Redacts a value that has no key of its own: a text, a collection, a map, or what <see cref="object.ToString"/> says of it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="redacted">Whether something was redacted.</param>
    /// <returns>What may leave; the same reference where nothing was found.</returns>
    public object RedactValue(object value, out bool redacted)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ValueRedactor.Redact(this, KeyPlan.Keyless, value, 0, out redacted);
    }

    internal KeyPlan PlanFor(string key) => _plans.PlanFor(key);

    private KeyPlan Decide(string key)
    {
        var named = _rules.FindNamed(key);
        return new(key, Text.Redact(key), named ?? _rules.Find(key)) { Told = named is null ? SecretName.ClassifyKey(key) : SecretKind.None };
    }

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
