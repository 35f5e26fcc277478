using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ZeroTrust.Shared;

/// <summary>Holds a section of the configuration against its shape and collects every fault.</summary>
internal sealed class SettingsCheck
{
    private readonly string _path;
    private readonly SettingShape _root;
    private readonly List<SettingFault> _faults = [];

    private SettingsCheck(string path, SettingShape root)
    {
        _path = path;
        _root = root;
    }

    /// <param name="path">The path of the section, for messages.</param>
    /// <param name="shape">What may stand there.</param>
    /// <param name="value">The value of the section itself, which has to be none.</param>
    /// <param name="settings">What is below it, with keys relative to it.</param>
    public static IReadOnlyList<SettingFault> Run(string path, SettingShape shape, string? value, IConfiguration settings)
    {
        var check = new SettingsCheck(path, shape);
        if (!string.IsNullOrEmpty(value))
        {
            check.Add("", $"is a section, not a value; below it are {Names(shape)}");
        }

        check.VisitBelow(shape, settings, "");
        return check._faults;
    }

    private static string Names(SettingShape shape) => shape.Kind switch
    {
        SettingKind.Section => string.Join(", ", shape.Settings.Select(static setting => setting.Key)),
        SettingKind.Names when shape.Item is { Kind: SettingKind.Section, MayBeText: false } => $"names, and below each {Names(shape.Item)}",
        _ => "names",
    };

    private void VisitBelow(SettingShape shape, IConfiguration place, string key)
    {
        foreach (var child in place.GetChildren())
        {
            switch (shape.Kind)
            {
                case SettingKind.Section when shape.Find(child.Key) is { } known:
                    Visit(known, child, shape);
                    break;
                case SettingKind.Section:
                    Add(child.Path, "is not a setting; " + SettingAdvice.ForUnknown(child.Key, shape, PathOf(key), _root, _path));
                    break;
                case SettingKind.List when !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    Add(child.Path, $"is not an entry of a list; entries are numbered, {PathOf(key)}:0 first");
                    break;
                default:
                    VisitEntry(shape.Item!, child);
                    break;
            }
        }
    }

    private void VisitEntry(SettingShape shape, IConfigurationSection entry)
    {
        if ((shape.IsValue || shape.MayBeText) && entry.Value is null && !entry.GetChildren().Any())
        {
            Add(entry.Path, "is null; give it a value or leave the entry out");
            return;
        }

        Visit(shape, entry, siblings: null);
    }

    private void Visit(SettingShape shape, IConfigurationSection place, SettingShape? siblings)
    {
        if (shape.Kind == SettingKind.Foreign)
        {
            return;
        }

        if (shape.IsValue || (shape.MayBeText && !string.IsNullOrEmpty(place.Value)))
        {
            CheckValue(shape.IsValue ? shape : SettingShape.Text, place, siblings);
            return;
        }

        // Providers give an empty list, an empty object and a null as an empty value or none.
        if (!string.IsNullOrEmpty(place.Value))
        {
            var path = PathOf(place.Path);
            var fault = shape.Kind == SettingKind.List
                ? $"is a list, not a value; its entries are numbered, {path}:0 first"
                : $"is a section, not a value; below it are {Names(shape)}";
            Add(place.Path, fault + SettingAdvice.ForOtherKind(place.Key, siblings, static other => other.IsValue));
        }

        VisitBelow(shape, place, place.Path);
    }

    private void CheckValue(SettingShape shape, IConfigurationSection place, SettingShape? siblings)
    {
        if (place.GetChildren().Any())
        {
            var advice = SettingAdvice.ForOtherKind(place.Key, siblings, static other => !other.IsValue);
            Add(place.Path, "is a value, and settings are below it" + advice);
        }
        else if (place.Value is { } held && SettingText.FaultOf(shape, held) is { } fault)
        {
            Add(place.Path, fault);
        }
        else if (place.Value is { } text && !SettingValue.IsValid(shape, text))
        {
            Add(place.Path, text.Length == 0
                ? $"is empty; leave it out for the default, or set {shape.Expected}"
                : $"{SettingText.Quoted(text)} is not {shape.Expected}");
        }
    }

    private void Add(string key, string fault) => _faults.Add(new SettingFault(key, $"{PathOf(key)}: {fault}"));

    private string PathOf(string key) => key.Length == 0 ? _path : $"{_path}:{LogText.Fact(key)}";
}
