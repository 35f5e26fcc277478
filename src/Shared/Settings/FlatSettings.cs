using Microsoft.Extensions.Configuration;

namespace ZeroTrust.Shared;

/// <summary>
/// Finds settings that stand beside the root because their levels are divided by something else than a colon, or two underscores in the
/// environment: <c>ZEROTRUST_MTLS_DENYLISTFILE</c>, <c>ZeroTrust.Mtls.DenyListFile</c>, and <c>--ZeroTrust__Mtls__DenyListFile</c> on the
/// command line, where two underscores divide nothing.
/// </summary>
internal sealed class FlatSettings
{
    private const int MaxKeyLength = 512;

    private readonly (string Path, string[] Parts)[] _settings;

    /// <param name="paths">
    /// The paths of all known settings. Those without free names are tried first, since a free name is any text, and last those that end
    /// with one.
    /// </param>
    public FlatSettings(IEnumerable<string> paths) =>
        _settings = [.. paths
            .OrderBy(static path => path.EndsWith("{name}", StringComparison.Ordinal))
            .ThenBy(static path => path.Count(static letter => letter == '{'))
            .Select(static path => (path, PartsOf(path)))];

    /// <summary>What is wrong with a key beside the root and with each key below it.</summary>
    public IEnumerable<string> FaultsOf(IConfigurationSection other) =>
        from setting in other.AsEnumerable()
        where setting.Value is not null && !KubernetesVariable.Is(setting.Key)
        let meant = Find(setting.Key)
        where meant is not null
        select $"{LogText.Fact(setting.Key)}: is read by nothing; did you mean {meant}? "
            + $"As an environment variable that is {meant.Replace(":", "__", StringComparison.Ordinal)}, with two underscores between the levels";

    private string? Find(string key)
    {
        var letters = Letters(key);
        return key.Length <= MaxKeyLength && letters.StartsWith(SettingsTree.Root, StringComparison.OrdinalIgnoreCase)
            ? _settings.FirstOrDefault(setting => IsMatch(letters, setting.Parts)).Path
            : null;
    }

    /// <summary>The names of a path, those that follow each other as one; free names and numbers stay apart.</summary>
    private static string[] PartsOf(string path)
    {
        var parts = new List<string> { "" };
        foreach (var name in path.Split(':'))
        {
            if (name is "{name}" or "{n}")
            {
                parts.AddRange([name, ""]);
            }
            else
            {
                parts[^1] += Letters(name);
            }
        }

        return [.. parts.Where(static part => part.Length > 0)];
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static bool IsMatch(ReadOnlySpan<char> text, ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty)
        {
            return text.IsEmpty;
        }

        var part = parts[0];
        if (part is not ("{name}" or "{n}"))
        {
            return text.StartsWith(part, StringComparison.OrdinalIgnoreCase) && IsMatch(text[part.Length..], parts[1..]);
        }

        for (var length = 1; length <= text.Length && (part == "{name}" || char.IsAsciiDigit(text[length - 1])); length++)
        {
            if (IsMatch(text[length..], parts[1..]))
            {
                return true;
            }
        }

        return false;
    }
}
