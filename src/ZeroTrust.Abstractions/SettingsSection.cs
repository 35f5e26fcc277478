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
}
