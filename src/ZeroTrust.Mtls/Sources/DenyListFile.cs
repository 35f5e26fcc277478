using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>
/// Who is denied, one to a line: <c>workload ID</c>, <c>leaf SHA-256</c> or <c>serial HEX ISSUER-CERTIFICATE-FILE</c>, as people and tools
/// write them; <c>end</c> as the last line says that this is all of it.
/// </summary>
internal static class DenyListFile
{
    /// <summary>About 120,000 lines of a hash, which load in less than a second.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Reads every line that can be read, and names the others.</summary>
    /// <param name="content">The file.</param>
    /// <param name="owners">Users beside root and the service's own that may own the files of issuers.</param>
    /// <exception cref="TrustFileFault">It is no text, or empty.</exception>
    public static DenyListContent Read(byte[] content, IReadOnlyCollection<uint> owners)
    {
        var text = TrustFile.ReadText(content, out var unwritten);
        var lines = new DenyListLine(owners);
        var entries = new Dictionary<string, DenyListEntry>(StringComparer.Ordinal);
        var faults = new List<string>();
        var end = 0;
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var words = WithoutComment(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (end > 0)
            {
                faults.Add($"line {index + 1} is behind 'end' of line {end}");
            }
            else if (words is [var word] && word.Equals("end", StringComparison.OrdinalIgnoreCase))
            {
                end = index + 1;
            }

            try
            {
                // Behind the end, too: who is named there is denied.
                if (index + 1 != end)
                {
                    var entry = lines.Read(words);
                    entries[entry.Key] = entry;
                }
            }
            catch (FormatException fault)
            {
                faults.Add($"line {index + 1} {fault.Message}");
            }
        }

        if (unwritten is not null)
        {
            faults.Add(unwritten);
        }

        return new DenyListContent(entries, faults, HasEnd: end > 0);
    }

    // A path may hold a '#', and hardly one behind a space.
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#'); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }
        }

        return line;
    }
}
