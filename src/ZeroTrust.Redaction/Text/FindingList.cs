using System.Collections.Frozen;
using System.Text;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// What was found in one text, in the places of the text that was given. Findings may lie in each other and across each other.
/// </summary>
internal sealed class FindingList
{
    private const int LargestKept = 1024;

    private static readonly Comparer<Item> ByPlace =
        Comparer<Item>.Create(static (left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : right.End.CompareTo(left.End));

    private readonly List<Item> _items = [];

    public bool IsEmpty => _items.Count == 0;

    /// <summary>How many findings there are, so that those of one piece can be told later.</summary>
    public int Count => _items.Count;

    public void Add(int start, int end, string marker)
    {
        if (end > start)
        {
            _items.Add(new Item(start, end, marker));
        }
    }

    /// <summary>Puts those of a piece in the order of their places.</summary>
    public void SortFrom(int first)
    {
        if (_items.Count - first > 1)
        {
            _items.Sort(first, _items.Count - first, ByPlace);
        }
    }

    /// <summary>
    /// Where the finding ends that a place lies in; negative where it lies in none. Asked for ascending places, of sorted findings.
    /// </summary>
    /// <param name="next">The first finding that may hold it; moved on.</param>
    /// <param name="last">Behind the last of the findings to look at.</param>
    /// <param name="place">The place.</param>
    public int EndAround(ref int next, int last, int place)
    {
        while (next < last && _items[next].End <= place)
        {
            next++;
        }

        return next < last && _items[next].Start <= place ? _items[next].End : -1;
    }

    /// <summary>Forgets all. A list that has grown large gives its memory back.</summary>
    public void Clear()
    {
        _items.Clear();
        if (_items.Capacity > LargestKept)
        {
            _items.Capacity = 0;
        }
    }

    /// <summary>The text with a marker in the place of each finding that is not allowed; the same reference where none is left.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowed">Findings that stay. Only the finding itself can be allowed; what stands beside it is judged for itself.</param>
    public string Apply(string text, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? allowed)
    {
        SortFrom(0);
        StringBuilder? redacted = null;
        var copied = 0;
        for (var i = 0; i < _items.Count;)
        {
            var item = Merge(ref i);
            if (allowed is { } stays && stays.Contains(text.AsSpan(item.Start, item.End - item.Start)))
            {
                continue;
            }

            redacted ??= new StringBuilder(text.Length);
            redacted.Append(text, copied, item.Start - copied).Append(item.Marker);
            copied = item.End;
        }

        return redacted is null ? text : redacted.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>One finding of all that overlap, named as the longest of them.</summary>
    private Item Merge(ref int i)
    {
        var longest = _items[i++];
        var (start, end) = (longest.Start, longest.End);
        for (; i < _items.Count && _items[i].Start < end; i++)
        {
            longest = _items[i].End - _items[i].Start > longest.End - longest.Start ? _items[i] : longest;
            end = Math.Max(end, _items[i].End);
        }

        return new Item(start, end, longest.Marker);
    }

    private readonly record struct Item(int Start, int End, string Marker);
}
