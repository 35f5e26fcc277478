using System.Globalization;

namespace ZeroTrust.Shared;

/// <summary>
/// What may stand at a place of the configuration, stated as a table beside the options it describes. Nothing is read from the options type
/// at run time, so that it survives trimming; a test compares both.
/// </summary>
internal sealed class SettingShape
{
    private SettingShape(SettingKind kind, string expected = "")
    {
        Kind = kind;
        Expected = expected;
    }

    public static SettingShape Foreign { get; } = new(SettingKind.Foreign);

    public static SettingShape Text { get; } = new(SettingKind.Text);

    public static SettingShape File { get; } = new(SettingKind.File, "a path");

    public static SettingShape Secret { get; } = new(SettingKind.Secret);

    public static SettingShape Flag { get; } = new(SettingKind.Flag, "true or false");

    public static SettingShape Time { get; } = new(SettingKind.Time, "a time span such as 00:00:05, or 1.00:00:00 for a day");

    public SettingKind Kind { get; }

    /// <summary>What a value has to be, in the operator's words; empty where any text is taken.</summary>
    public string Expected { get; }

    /// <summary>The names a choice allows.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>What each entry of a list, or under a free name, is.</summary>
    public SettingShape? Item { get; private init; }

    /// <summary>The settings of a section, in the order of the table.</summary>
    public IReadOnlyList<KeyValuePair<string, SettingShape>> Settings { get; private init; } = [];

    /// <summary>Whether a text may stand in place of the section.</summary>
    public bool MayBeText { get; private init; }

    public bool IsValue => Kind is not (SettingKind.Foreign or SettingKind.List or SettingKind.Names or SettingKind.Section);

    public static SettingShape Number(int least, int most) =>
        new(SettingKind.Number, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>The members of an enumeration by name; the one that stands for no choice is none.</summary>
    public static SettingShape Choice<TEnum>()
        where TEnum : struct, Enum
    {
        string[] names = [.. Enum.GetNames<TEnum>().Where(static name => name != "Unspecified")];
        return new SettingShape(SettingKind.Choice, "one of " + string.Join(", ", names)) { Choices = names };
    }

    public static SettingShape List(SettingShape item) => new(SettingKind.List) { Item = item };

    public static SettingShape Names(SettingShape item) => new(SettingKind.Names) { Item = item };

    public static SettingShape Section(params (string Name, SettingShape Shape)[] settings) =>
        new(SettingKind.Section) { Settings = [.. settings.Select(static setting => KeyValuePair.Create(setting.Name, setting.Shape))] };

    /// <summary>A section that a text may stand in place of.</summary>
    public static SettingShape TextOr(params (string Name, SettingShape Shape)[] settings) =>
        new(SettingKind.Section) { Settings = Section(settings).Settings, MayBeText = true };

    public SettingShape? Find(string name) =>
        Settings.FirstOrDefault(setting => string.Equals(setting.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The path of every value below a place, or of the place itself where it is one.</summary>
    public IEnumerable<string> ValuesBelow(string path) => Kind switch
    {
        SettingKind.List => Item!.ValuesBelow(path + ":{n}"),
        SettingKind.Names => Item!.ValuesBelow(path + ":{name}"),
        _ when IsValue => [path],
        _ => Settings.SelectMany(setting => setting.Value.ValuesBelow($"{path}:{setting.Key}")).Concat(MayBeText ? [path] : []),
    };

    /// <summary>Every known path below a place, with <c>{n}</c> for entries of lists and <c>{name}</c> for free names.</summary>
    public IEnumerable<string> PathsBelow(string path) => Kind switch
    {
        SettingKind.List => Item!.PathsBelow(path + ":{n}"),
        SettingKind.Names => Item!.PathsBelow(path + ":{name}"),
        _ => Settings.SelectMany(setting => setting.Value.PathsBelow($"{path}:{setting.Key}").Prepend($"{path}:{setting.Key}")),
    };
}
