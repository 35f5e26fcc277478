using System.Security.Cryptography;

namespace ZeroTrust.ArchitectureTests;

/// <summary>Random slips of the hand in the names of known settings.</summary>
public sealed class SettingsMisspellingTests
{
    private const int Misspellings = 2000;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    [Fact]
    public async Task A_misspelt_key_always_stops_the_host_and_nearly_always_names_the_right_one()
    {
        var keys = SettingsTable.All.SelectMany(table => table.Shape.Keys(table.Path))
            .Concat(SettingsTable.All.Select(table => (Parent: table.Path[..table.Path.LastIndexOf(':')], Name: table.Path[(table.Path.LastIndexOf(':') + 1)..], Node: table.Shape)))
            .ToList();
        var siblings = keys.ToLookup(key => key.Parent, key => key.Name, StringComparer.Ordinal);
        var unnamed = new List<string>();

        for (var i = 0; i < Misspellings; i++)
        {
            var (parent, name, node) = keys[RandomNumberGenerator.GetInt32(keys.Count)];
            var misspelt = Misspell(name, siblings[parent]);
            var key = $"{parent}:{misspelt}";
            var faults = await SettingsHost.RefuseAsync((node.Kind is "Section" or "List" or "Names" ? key + ":0" : key, "1"));

            var fault = Assert.Single(faults, fault => fault.StartsWith(key + ": is not a setting; ", StringComparison.Ordinal));
            if (!fault.EndsWith($"did you mean {name}?", StringComparison.Ordinal))
            {
                unnamed.Add(fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Misspellings - unnamed.Count} of {Misspellings} named; not: {string.Join('\n', unnamed.Take(10))}");
        Assert.True(unnamed.Count <= Misspellings / 20, string.Join('\n', unnamed));
    }

    private static string Misspell(string name, IEnumerable<string> known)
    {
        while (true)
        {
            var at = RandomNumberGenerator.GetInt32(name.Length);
            var letter = Letters[RandomNumberGenerator.GetInt32(Letters.Length)];
            var misspelt = RandomNumberGenerator.GetInt32(6) switch
            {
                0 => name.Remove(at, 1),
                1 => name.Insert(at, letter.ToString()),
                2 => name.Remove(at, 1).Insert(at, letter.ToString()),
                3 => name.Insert(at, name[at].ToString()),
                4 when at > 0 => name.Remove(at, 1).Insert(at - 1, name[at].ToString()),
                _ => name.EndsWith('s') ? name[..^1] : name + "s",
            };
            if (misspelt.Length > 1 && !known.Contains(misspelt, StringComparer.OrdinalIgnoreCase))
            {
                return misspelt;
            }
        }
    }
}
