using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Internal;

internal sealed class RedactionOptionsValidator : IValidateOptions<RedactionOptions>
{
    private const int MaxRules = 1024;

    public ValidateOptionsResult Validate(string? name, RedactionOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(options.Mode))
        {
            Add(result, "Mode", $"{options.Mode} is not a mode; use Deny or KeepOnly");
        }

        ValidateRules(options, result);
        ValidateTokenKey(options, result);
        for (var i = 0; i < options.MetricTagKeys.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.MetricTagKeys[i]))
            {
                Add(result, $"MetricTagKeys:{i}", "a tag key is required");
            }
        }

        return result.Build();
    }

    private static void ValidateRules(RedactionOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.Rules.Count > MaxRules)
        {
            Add(result, "Rules", $"{options.Rules.Count} rules; at most {MaxRules} are allowed");
            return;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            if (string.IsNullOrWhiteSpace(rule.Key))
            {
                Add(result, $"Rules:{i}:Key", "a key is required");
            }
            else if (rule.Key == "*" || rule.Key.AsSpan(0, rule.Key.Length - 1).Contains('*'))
            {
                Add(result, $"Rules:{i}:Key", $"'{rule.Key}' is neither a key nor a prefix; '*' is allowed only at the end, behind at least one character");
            }
            else if (!seen.Add(rule.Key))
            {
                Add(result, $"Rules:{i}:Key", $"'{rule.Key}' has a rule already");
            }

            if (rule.Action == RedactionAction.Unspecified || !Enum.IsDefined(rule.Action))
            {
                Add(result, $"Rules:{i}:Action", "an action is required: Keep, Erase, Mask or Token");
            }
        }
    }

    private static void ValidateTokenKey(RedactionOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.TokenKey is null)
        {
            if (options.Rules.Any(static rule => rule.Action == RedactionAction.Token))
            {
                Add(result, "TokenKey", "a rule uses Token, which needs a key");
            }
        }
        else if (!Tokenizer.TryDecodeKey(options.TokenKey, out _))
        {
            Add(result, "TokenKey", $"the key must be base64 of at least {Tokenizer.MinKeyBytes} bytes");
        }
    }

    private static void Add(ValidateOptionsResultBuilder result, string path, string error) =>
        result.AddError($"{RedactionOptions.SectionName}:{path}: {error}");
}
