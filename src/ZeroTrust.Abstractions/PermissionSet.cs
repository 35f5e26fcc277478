using System.Buffers;
using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>An immutable set of permissions, each <c>[a-z0-9][a-z0-9._:-]{0,63}</c>.</summary>
/// <remarks>Compared ordinally, without wildcards: a permission grants exactly itself.</remarks>
public sealed class PermissionSet : IReadOnlyCollection<string>, IEquatable<PermissionSet>
{
    /// <summary>The most permissions one set may hold.</summary>
    public const int MaxCount = 64;

    /// <summary>The longest permission, in characters.</summary>
    public const int MaxPermissionLength = 64;

    private static readonly SearchValues<char> Tail = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:-");

    private readonly FrozenSet<string> _items;
    private readonly string _text;

    private PermissionSet(SortedSet<string> items)
    {
        _items = items.ToFrozenSet(StringComparer.Ordinal);
        _text = string.Join(' ', items);
    }

    /// <summary>No permission at all.</summary>
    public static PermissionSet Empty { get; } = new(new SortedSet<string>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <summary>Whether the text is a permission.</summary>
    /// <param name="permission">The text.</param>
    public static bool IsPermission(ReadOnlySpan<char> permission) =>
        permission.Length is > 0 and <= MaxPermissionLength
        && (char.IsAsciiLetterLower(permission[0]) || char.IsAsciiDigit(permission[0]))
        && !permission.ContainsAnyExcept(Tail);

    /// <summary>Makes a set; never throws for its members.</summary>
    /// <param name="permissions">The members; repeats count once.</param>
    /// <param name="result">The set, when every member is a permission and there are at most <see cref="MaxCount"/>.</param>
    public static bool TryCreate(IEnumerable<string> permissions, [NotNullWhen(true)] out PermissionSet? result)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        result = null;
        var items = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var permission in permissions)
        {
            if (!IsPermission(permission) || (items.Add(permission) && items.Count > MaxCount))
            {
                return false;
            }
        }

        result = items.Count == 0 ? Empty : new PermissionSet(items);
        return true;
    }

    /// <summary>Makes a set.</summary>
    /// <param name="permissions">The members; repeats count once.</param>
    /// <exception cref="FormatException">A member is not a permission, or there are more than <see cref="MaxCount"/>.</exception>
    public static PermissionSet Create(params IEnumerable<string> permissions) =>
        TryCreate(permissions, out var result) ? result : throw new FormatException("Not a set of permissions.");

    /// <summary>Parses permissions separated by one space each, as in a <c>scope</c> (RFC 6749 section 3.3); never throws.</summary>
    /// <param name="text">The text; empty means no permission.</param>
    /// <param name="result">The set, when the text is well formed and names no permission twice.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PermissionSet? result)
    {
        result = null;
        if (text is null)
        {
            return false;
        }

        if (text.Length == 0)
        {
            result = Empty;
            return true;
        }

        var parts = text.Split(' ', MaxCount + 1);
        return TryCreate(parts, out result) && result.Count == parts.Length;
    }

    /// <summary>Parses permissions separated by one space each.</summary>
    /// <param name="text">The text; empty means no permission.</param>
    /// <exception cref="FormatException">The text is not a set of permissions.</exception>
    public static PermissionSet Parse(string text) =>
        TryParse(text, out var result) ? result : throw new FormatException("Not a set of permissions.");

    /// <summary>Whether the set holds this permission, exactly as written.</summary>
    /// <param name="permission">The permission.</param>
    public bool Contains(string permission) => _items.Contains(permission);

    /// <summary>Whether the other set holds every member of this one.</summary>
    /// <param name="other">The wider set.</param>
    public bool IsSubsetOf(PermissionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var item in _items)
        {
            if (!other._items.Contains(item))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The members both sets hold.</summary>
    /// <param name="other">The other set.</param>
    public PermissionSet Intersect(PermissionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Create(_items.Where(other._items.Contains));
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(PermissionSet? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PermissionSet);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The members in ordinal order, separated by one space.</summary>
    public override string ToString() => _text;
}
