using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Redaction.Rules;
using ZeroTrust.Redaction.Tokens;
using ZeroTrust.Shared;

namespace ZeroTrust.Redaction.Internal;

internal sealed class RedactionOptionsValidator(IServiceProvider services) : IValidateOptions<RedactionOptions>
{
    private const int MaxRules = 1024;
    private const int MaxAllowedValues = 1024;
    private const int MaxRetiredKeys = 16;
    private const int MaxKeyLength = 256;
    private const int MaxWildcards = 8;
    internal const int MaxTruncatedLength = 65_536;
    private const int MaxKeyIdLength = 16;

    public ValidateOptionsResult Validate(string? name, RedactionOptions options) =>
        Validate(options, services.GetServices<ITextDetector>(), services.GetService<IRedactorProvider>() is not null);

    public static ValidateOptionsResult Validate(RedactionOptions options, IEnumerable<ITextDetector> detectors, bool hasRedactors)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(options.Mode))
        {
            Add(result, "Mode", $"{options.Mode} is not a mode; use Deny or KeepOnly");
        }

        ValidateRules(options, hasRedactors, result);
        ValidateTokenKey(options, result);
        ValidateTokenKeyIds(options, result);
        if (options.AllowedValues.Count > MaxAllowedValues)
        {
            Add(result, "AllowedValues", $"{options.AllowedValues.Count} values; at most {MaxAllowedValues} are allowed");
        }

        RequireTexts(options.AllowedValues, "AllowedValues", "a value is required", result);
        ValidateTokenShapes(options, result);
        foreach (var detector in detectors.Where(static detector => !CustomDetector.IsName(detector.Name)))
        {
            result.AddError($"{detector.GetType()}: '{detector.Name}' is not 1 to {CustomDetector.MaxName} lower-case letters, digits and dashes");
        }

        return result.Build();
    }

    private static void ValidateRules(RedactionOptions options, bool hasRedactors, ValidateOptionsResultBuilder result)
    {
        if (options.Rules.Count > MaxRules)
        {
            Add(result, "Rules", $"{options.Rules.Count} rules; at most {MaxRules} are allowed");
            return;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Rules.Count; i++)
        {
            ValidateKey(options.Rules[i].Key, $"Rules:{i}:Key", seen, result);
            ValidateAction(options.Rules[i], $"Rules:{i}", hasRedactors, result);
        }
    }

    private static void ValidateKey(string key, string path, HashSet<string> seen, ValidateOptionsResultBuilder result)
    {
        if (string.IsNullOrWhiteSpace(key))
        {
            Add(result, path, "a key is required");
        }
        else if (key.AsSpan().Trim(KeyPattern.Wildcard).IsEmpty)
        {
            Add(result, path, $"'{key}' names every key, which is a matter of Mode");
        }
        else if (key.Length > MaxKeyLength || key.AsSpan().Count(KeyPattern.Wildcard) > MaxWildcards)
        {
            Add(result, path, $"'{key}' is longer than {MaxKeyLength} characters or has more than {MaxWildcards} wildcards");
        }
        else if (!seen.Add(key))
        {
            Add(result, path, $"'{key}' has a rule already");
        }
    }

    private static void ValidateAction(RedactionRule rule, string path, bool hasRedactors, ValidateOptionsResultBuilder result)
    {
        if (rule.Action == RedactionAction.Unspecified || !Enum.IsDefined(rule.Action))
        {
            Add(result, path + ":Action", "an action is required: Keep, Erase, Mask, Token, Truncate, StripLiterals, StripIds or Classified");
        }

        if (rule.Action == RedactionAction.Truncate ? rule.Length is < 1 or > MaxTruncatedLength : rule.Length != 0)
        {
            Add(result, path + ":Length", $"the length is 1 to {MaxTruncatedLength} with Truncate, and 0 with every other action");
        }

        if (rule.Action != RedactionAction.Classified)
        {
            if (rule.Classification is not null)
            {
                Add(result, path + ":Classification", "a classification is for Classified only");
            }
        }
        else if (rule.Classification?.Split(':', 2) is not [{ Length: > 0 }, { Length: > 0 }])
        {
            Add(result, path + ":Classification", "a taxonomy and a value are required, divided by a colon");
        }
        else if (!hasRedactors)
        {
            Add(result, path + ":Classification", "there is no IRedactorProvider; call AddRedaction() of Microsoft.Extensions.Compliance.Redaction");
        }
    }

    private static void ValidateTokenShapes(RedactionOptions options, ValidateOptionsResultBuilder result)
    {
        if (options.TokenShapes.Count > ConfiguredShapes.MaxShapes)
        {
            Add(result, "TokenShapes", $"{options.TokenShapes.Count} shapes; at most {ConfiguredShapes.MaxShapes} are allowed");
            return;
        }

        for (var i = 0; i < options.TokenShapes.Count; i++)
        {
            var shape = options.TokenShapes[i];
            if (!ConfiguredShapes.IsVendor(shape.Vendor))
            {
                Add(result, $"TokenShapes:{i}:Vendor", $"{SettingText.Quoted(shape.Vendor)} is not 2 to 20 lower-case letters, digits and dashes");
            }
            else if (ConfiguredShapes.FaultOf(shape) is { } fault)
            {
                Add(result, $"TokenShapes:{i}:Pattern", fault);
            }
        }
    }

    private static void ValidateTokenKeyIds(RedactionOptions options, ValidateOptionsResultBuilder result)
    {
        if (!IsKeyId(options.TokenKeyId))
        {
            Add(result, "TokenKeyId", $"{SettingText.Quoted(options.TokenKeyId)} is not 1 to {MaxKeyIdLength} letters and digits");
        }

        if (options.RetiredTokenKeyIds.Count > MaxRetiredKeys)
        {
            Add(result, "RetiredTokenKeyIds", $"{options.RetiredTokenKeyIds.Count} ids; at most {MaxRetiredKeys} are allowed");
        }

        for (var i = 0; i < options.RetiredTokenKeyIds.Count; i++)
        {
            if (!IsKeyId(options.RetiredTokenKeyIds[i]) || options.RetiredTokenKeyIds[i] == options.TokenKeyId)
            {
                Add(result, $"RetiredTokenKeyIds:{i}", $"{SettingText.Quoted(options.RetiredTokenKeyIds[i])} is not 1 to {MaxKeyIdLength} letters and digits, or the id in use");
            }
        }
    }

    private static bool IsKeyId(string id) => id is { Length: > 0 and <= MaxKeyIdLength } && id.All(char.IsAsciiLetterOrDigit);

    private static void RequireTexts(IList<string> values, string path, string error, ValidateOptionsResultBuilder result)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(values[i]))
            {
                Add(result, $"{path}:{i}", error);
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
