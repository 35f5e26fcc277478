using System.Collections.Frozen;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>Hosts by name, and by the domain they are below: <c>*.example.com</c>.</summary>
internal sealed class HostList
{
    private readonly FrozenSet<string> _hosts;
    private readonly string[] _suffixes;

    public HostList(IEnumerable<string> listed)
    {
        var byKind = listed.ToLookup(IsSuffix);
        _hosts = byKind[false].ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. byKind[true].Select(static host => host[1..])];
    }

    /// <summary>Whether a listed value stands for every host below a domain.</summary>
    public static bool IsSuffix(string listed) => listed.StartsWith("*.", StringComparison.Ordinal);

    public bool Holds(string host) =>
        _hosts.Contains(host) || Array.Exists(_suffixes, suffix => host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
