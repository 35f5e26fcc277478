using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>The tenant a call acts for: <c>[a-z0-9][a-z0-9._-]{0,127}</c>.</summary>
/// <remarks>The narrow grammar keeps look-alike letters, control characters, white space and empty names out. There is no default tenant.</remarks>
public readonly struct TenantId : IEquatable<TenantId>, ISpanParsable<TenantId>
{
    /// <summary>The longest tenant id, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Tail = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    private TenantId(string value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names nothing and is refused everywhere.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Whether both name the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(TenantId left, TenantId right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(TenantId left, TenantId right) => !left.Equals(right);

    /// <summary>Parses a tenant id.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException">The text is not a tenant id.</exception>
    public static TenantId Parse(string s) => Parse(s.AsSpan(), provider: null);

    /// <inheritdoc/>
    public static TenantId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static TenantId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var result) ? result : throw new FormatException("Not a tenant id.");

    /// <summary>Parses a tenant id; never throws.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The result; <c>default</c> when the text is refused.</param>
    /// <returns>Whether the text is a tenant id.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, out TenantId result)
    {
        result = default;
        if (s.Length is 0 or > MaxLength || !(char.IsAsciiLetterLower(s[0]) || char.IsAsciiDigit(s[0])) || s.ContainsAnyExcept(Tail))
        {
            return false;
        }

        result = new TenantId(s.ToString());
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TenantId result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TenantId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(TenantId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TenantId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>The text as it was parsed; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;
}
