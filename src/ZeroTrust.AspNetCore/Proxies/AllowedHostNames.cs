using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>The hosts of the framework's <c>AllowedHosts</c>, as its host filtering reads them.</summary>
/// <param name="allowed">Host names, or names behind <c>*.</c>; none or a star is every host.</param>
internal sealed class AllowedHostNames(IEnumerable<string> allowed)
{
    private const string BelowIt = "*.";

    private readonly string[] _allowed = [.. allowed.Select(Spell)];

    /// <summary>Whether every host that a name stands for is allowed.</summary>
    public bool Covers(string name)
    {
        var spelled = Spell(name);
        return _allowed.Length == 0 || Array.Exists(_allowed, entry => IsEvery(entry) || Covers(entry, spelled));
    }

    /// <summary>The ASCII spelling of an international name, by which the framework compares.</summary>
    /// <returns>Whether it is a name, or one behind <c>*.</c>, without a port.</returns>
    public static bool TrySpell(string name, out string spelled)
    {
        try
        {
            var host = new HostString(name);
            spelled = host.ToUriComponent();
            return host.Port is null && spelled.Length > 0;
        }
        catch (ArgumentException)
        {
            spelled = name;
            return false;
        }
    }

    private static bool Covers(string entry, string name) =>
        entry.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (entry.StartsWith(BelowIt, StringComparison.Ordinal)
            && name.Length > entry.Length - 1
            && name.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase));

    private static bool IsEvery(string entry) => entry is "*" or "[::]" or "0.0.0.0";

    private static string Spell(string name) => TrySpell(name, out var spelled) ? spelled : name;
}
