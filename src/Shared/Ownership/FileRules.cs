namespace ZeroTrust.Shared;

/// <summary>Whose files are taken.</summary>
/// <param name="AllowsExposedKeys">Whether any mode and owner of a key's file is.</param>
/// <param name="Owners">The users beside root and the service's own.</param>
internal sealed record FileRules(bool AllowsExposedKeys, IReadOnlyCollection<uint> Owners)
{
    public static FileRules Strict { get; } = new(AllowsExposedKeys: false, []);

    /// <summary>Those that weakenings leave.</summary>
    public static FileRules Of(IEnumerable<string> weakenings)
    {
        string[] names = [.. weakenings];
        return new(names.Contains(KeyFileMode.AnyIsTaken, StringComparer.Ordinal), FileOwnership.OwnersOf(names));
    }
}
