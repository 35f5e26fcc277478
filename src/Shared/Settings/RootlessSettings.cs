using Microsoft.Extensions.Configuration;

namespace ZeroTrust.Shared;

/// <summary>
/// Finds settings whose root was left out: <c>Mtls:DenyListFile</c>, or <c>Mtls__DenyListFile</c> in the environment. A section of that name may be the
/// application's own, so only known settings count; below a name that is free, only where nothing else stands beside them.
/// </summary>
internal sealed class RootlessSettings
{
    private const string FreeName = "{name}";
    private const string Number = "{n}";

    // An application's own listener has one too, and nothing is lost with it.
    private const string Address = "Url";

    private readonly string[][] _settings;

    /// <param name="paths">The paths of all known settings.</param>
    public RootlessSettings(IEnumerable<string> paths) =>
        _settings = [.. paths
            .Where(static path => path.StartsWith(SettingsTree.Root + ":", StringComparison.OrdinalIgnoreCase))
            .Select(static path => path.Split(':')[1..])];

    /// <summary>What is wrong with the settings of a section beside the root.</summary>
    public IEnumerable<string> FaultsOf(IConfigurationSection other) =>
        from setting in SettingsOf(other)
        let known = Find(setting)
        where known is not null && IsOurs(setting, known, other)
        let meant = LogText.Fact($"{SettingsTree.Root}:{setting}")
        select $"{LogText.Fact(setting)}: is read by no package of ZeroTrust; did you mean {meant}? A section of the application's own needs another name";

    private bool IsOurs(string setting, string[] known, IConfigurationSection other)
    {
        var place = Array.IndexOf(known, FreeName);
        if (place < 0)
        {
            return true;
        }

        var entry = string.Join(':', setting.Split(':')[..(place + 1)]) + ":";
        var beside = SettingsOf(other).Where(each => (each + ":").StartsWith(entry, StringComparison.OrdinalIgnoreCase)).Select(Find).ToArray();
        return beside.All(static each => each is not null) && beside.Any(static each => each![^1] != Address);
    }

    private IEnumerable<string> SettingsOf(IConfigurationSection other) =>
        _settings.Any(setting => setting[0].Equals(other.Key, StringComparison.OrdinalIgnoreCase))
            ? other.AsEnumerable().Where(static setting => !string.IsNullOrEmpty(setting.Value)).Select(static setting => setting.Key)
            : [];

    private string[]? Find(string setting)
    {
        var key = setting.Split(':');
        return Array.Find(_settings, known => known.Length == key.Length && known.Zip(key).All(static pair => IsMatch(pair.First, pair.Second)));
    }

    private static bool IsMatch(string known, string name) => known switch
    {
        FreeName => true,
        Number => name.All(char.IsAsciiDigit),
        _ => known.Equals(name, StringComparison.OrdinalIgnoreCase),
    };
}
