using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Rules;

/// <summary>
/// The rules, compiled. A look-up costs one probe for the exact key and one for each length of prefix, however many rules there are.
/// </summary>
internal sealed class RuleTable
{
    private readonly FrozenDictionary<string, KeyDecision> _exact;
    private readonly FrozenDictionary<string, KeyDecision>.AlternateLookup<ReadOnlySpan<char>> _prefixes;

    /// <summary>The lengths that prefixes have, the longest first.</summary>
    private readonly int[] _prefixLengths;
    private readonly (KeyPattern Pattern, KeyDecision Decision)[] _patterns;

    /// <summary>One of these is in every key that a pattern matches, so that most keys are compared with none.</summary>
    private readonly SearchValues<string> _patternParts;
    private readonly KeyDecision _otherwise;

    /// <param name="rules">The rules; of two with one key the later one counts.</param>
    /// <param name="otherwise">What is done with a key that no rule names.</param>
    public RuleTable(IEnumerable<(string Key, KeyDecision Decision)> rules, KeyDecision otherwise)
    {
        Dictionary<string, KeyDecision> exact = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, KeyDecision> prefixes = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, KeyDecision> patterns = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, decision) in rules)
        {
            var wildcard = key.IndexOf(KeyPattern.Wildcard, StringComparison.Ordinal);
            if (wildcard < 0)
            {
                exact[key] = decision;
            }
            else if (wildcard == key.Length - 1)
            {
                prefixes[key[..^1]] = decision;
            }
            else
            {
                patterns[key] = decision;
            }
        }

        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _prefixes = prefixes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _prefixLengths = [.. prefixes.Keys.Select(static prefix => prefix.Length).Distinct().OrderDescending()];
        _patterns = [.. patterns.OrderByDescending(static rule => rule.Key.Length).Select(static rule => (new KeyPattern(rule.Key), rule.Value))];
        _patternParts = SearchValues.Create([.. _patterns.Select(static rule => rule.Pattern.LongestPart)], StringComparison.OrdinalIgnoreCase);
        _otherwise = otherwise;
    }

    /// <summary>How many probes a key costs that no rule names, beside the one for the exact key.</summary>
    public int PrefixLengths => _prefixLengths.Length;

    /// <remarks>A header that carries a client's certificate is erased, unless a rule names it or how its own name begins.</remarks>
    public KeyDecision Find(ReadOnlySpan<char> key) => FindNamed(key) ?? _otherwise;

    /// <summary>What a rule says that names the key; <see langword="null"/> where none does.</summary>
    public KeyDecision? FindNamed(ReadOnlySpan<char> key) =>
        _exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var decision) ? decision
        : CertificateHeaderKeys.BeginOf(key) is { } begin ? FindPrefix(key, begin + 1) ?? KeyDecision.Erase
        : FindPrefix(key, shortest: 0) ?? FindPattern(key);

    private KeyDecision? FindPrefix(ReadOnlySpan<char> key, int shortest)
    {
        foreach (var length in _prefixLengths)
        {
            if (length <= key.Length && length >= shortest && _prefixes.TryGetValue(key[..length], out var decision))
            {
                return decision;
            }
        }

        return null;
    }

    private KeyDecision? FindPattern(ReadOnlySpan<char> key)
    {
        if (_patterns.Length == 0 || !key.ContainsAny(_patternParts))
        {
            return null;
        }

        foreach (var (pattern, decision) in _patterns)
        {
            if (pattern.IsMatch(key))
            {
                return decision;
            }
        }

        return null;
    }
}
