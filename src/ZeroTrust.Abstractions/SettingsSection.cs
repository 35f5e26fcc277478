namespace ZeroTrust;

/// <summary>A section of the configuration that a registered package reads.</summary>
/// <remarks>Each package registers one. What stands below <c>ZeroTrust</c> in no section of any package stops the host.</remarks>
public sealed record SettingsSection
{
    /// <summary>Names a section.</summary>
    /// <param name="path">The path, for example <c>ZeroTrust:Mtls</c>.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public SettingsSection(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The path of the section.</summary>
    public string Path { get; }

    /// <summary>
    /// The whole paths of the settings in it, with <c>{name}</c> for a name that is free and <c>{n}</c> for the number of an entry. By them a
    /// key is known that was meant to be a setting and has other separators, such as <c>ZEROTRUST_MTLS_DENYLISTFILE</c>; it stops the host.
    /// </summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
