namespace ZeroTrust.Mtls.Internal;

/// <summary>The names of <see cref="MtlsOptions.Servers"/>. As all names of the configuration they are compared without case.</summary>
internal static class ServerNames
{
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>The servers, to be found without case whatever the dictionary compares by.</summary>
    /// <exception cref="ArgumentException">Two names differ by case alone, and either server could be meant.</exception>
    public static IDictionary<string, ServerOptions> Fold(IDictionary<string, ServerOptions> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        if (servers is Dictionary<string, ServerOptions> dictionary && dictionary.Comparer.Equals(Comparer))
        {
            return servers;
        }

        return servers.Keys.GroupBy(static name => name, Comparer).FirstOrDefault(static names => names.Skip(1).Any()) is { } same
            ? throw new ArgumentException(
                $"{MtlsOptions.SectionName}:{nameof(MtlsOptions.Servers)}: the names {string.Join(" and ", same)} differ by case alone, and are compared without it.",
                nameof(servers))
            : new Dictionary<string, ServerOptions>(servers, Comparer);
    }
}
