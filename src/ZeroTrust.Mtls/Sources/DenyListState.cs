using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>The deny-list in use, which grows at once and denies less only on purpose.</summary>
/// <param name="Content">What was last read, and what stayed denied beside it.</param>
/// <param name="List">Who is denied.</param>
/// <param name="Doubt">Why it is not what the file holds; null when it is.</param>
internal sealed record DenyListState(DenyListContent Content, DenyList List, string? Doubt)
{
    /// <summary>The first one: all of it can be read, and it is not empty for want of a word.</summary>
    /// <exception cref="TrustFileFault">It is not so.</exception>
    public static DenyListState First(DenyListContent read) =>
        read.Fault is { } fault ? throw new TrustFileFault(fault) : new DenyListState(read, read.ToList(), Doubt: null);

    /// <summary>The next one.</summary>
    public DenyListState Next(DenyListContent read)
    {
        var lost = Content.Entries.Where(entry => !read.Entries.ContainsKey(entry.Key)).ToList();
        if (read.IsWhole || (lost.Count == 0 && read.Fault is null))
        {
            return new DenyListState(read, read.ToList(), Doubt: null);
        }

        var all = read with { Entries = read.Entries.Concat(lost).ToDictionary(StringComparer.Ordinal) };
        return new DenyListState(all, all.ToList(), string.Join("; ", Doubts(read, lost.Count)));
    }

    /// <summary>How many less are denied than by another; null when none.</summary>
    public string? LossTo(DenyListState next)
    {
        var lost = Content.Entries.Keys.Count(key => !next.Content.Entries.ContainsKey(key));
        return lost > 0 ? $"{lost} of {Content.Entries.Count} that were denied are no longer" : null;
    }

    private IEnumerable<string> Doubts(DenyListContent read, int lost)
    {
        if (lost > 0)
        {
            var until = read.HasEnd ? " until every line can be read" : ", as the last line is not 'end'";
            yield return $"{lost} of {Content.Entries.Count} that were denied are missing and stay denied{until}";
        }

        if (read.Fault is { } fault)
        {
            yield return $"{fault}; the other lines hold";
        }
    }
}
