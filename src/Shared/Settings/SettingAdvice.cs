namespace ZeroTrust.Shared;

/// <summary>Says what a key that is wrong was probably meant to be.</summary>
internal static class SettingAdvice
{
    private const int MaxPlaces = 3;

    /// <summary>For a key that no setting has: the nearest beside it, the same elsewhere in the section, or all that are known here.</summary>
    public static string ForUnknown(string key, SettingShape here, string path, SettingShape root, string rootPath)
    {
        string[] names = [.. here.Settings.Select(static setting => setting.Key)];
        var nearest = NearestName.Of(key, names);
        if (nearest is not null && NearestName.Distance(key, nearest) <= 1)
        {
            return $"did you mean {nearest}?";
        }

        var paths = root.PathsBelow(rootPath)
            .ToLookup(static known => known[(known.LastIndexOf(':') + 1)..], StringComparer.OrdinalIgnoreCase);
        if (paths.Contains(key))
        {
            return $"did you mean {string.Join(" or ", paths[key].Take(MaxPlaces))}?";
        }

        if (nearest is not null)
        {
            return $"did you mean {nearest}?";
        }

        return NearestName.Of(key, paths.Select(static place => place.Key)) is { } elsewhere
            ? $"did you mean {string.Join(" or ", paths[elsewhere].Take(MaxPlaces))}?"
            : $"those of {path} are {string.Join(", ", names)}";
    }

    /// <summary>For a known key that holds a value in place of settings, or the reverse: the nearest sibling that would fit.</summary>
    public static string ForOtherKind(string key, SettingShape? siblings, Func<SettingShape, bool> fits) =>
        siblings is not null
        && NearestName.Of(key, siblings.Settings.Where(setting => fits(setting.Value)).Select(static setting => setting.Key)) is { } nearest
            ? $"; did you mean {nearest}?"
            : "";
}
