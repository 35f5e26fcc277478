using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace ZeroTrust.Benchmarks;

/// <summary>What is written by hand where there is no package: a set of keys, and five expressions over every text.</summary>
internal sealed class NaiveRedactor : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Keys = new(StringComparer.OrdinalIgnoreCase) { "password", "authorization", "cookie", "token", "secret" };

    private static readonly Regex[] Patterns =
    [
        Compile(@"[\w.+-]+@[\w-]+\.[\w.]+"),
        Compile(@"\b(?:\d[ -]?){13,19}\b"),
        Compile(@"eyJ[\w-]+\.[\w-]+\.[\w-]*"),
        Compile(@"(?i)bearer\s+[\w.~+/-]+=*"),
        Compile(@"(?i)(?:password|pwd|secret|token)\s*=\s*[^;\s]+"),
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in data.TagObjects.ToArray())
        {
            if (Keys.Contains(tag.Key))
            {
                data.SetTag(tag.Key, "[redacted]");
            }
            else if (tag.Value is string text)
            {
                var redacted = Patterns.Aggregate(text, static (current, pattern) => pattern.Replace(current, "[redacted]"));
                if (redacted != text)
                {
                    data.SetTag(tag.Key, redacted);
                }
            }
        }
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
