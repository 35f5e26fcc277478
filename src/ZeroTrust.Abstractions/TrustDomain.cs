using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>A SPIFFE trust domain name: 1 to 255 characters of <c>[a-z0-9._-]</c>.</summary>
/// <remarks>Compared ordinally; upper case is refused rather than folded, since two spellings of one name are two chances to differ (SPIFFE-ID section 2.1).</remarks>
public readonly struct TrustDomain : IEquatable<TrustDomain>, ISpanParsable<TrustDomain>
{
    /// <summary>The longest name, in characters (SPIFFE-ID section 2.3).</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    private TrustDomain(string value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names nothing and is refused everywhere.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Whether both name the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(TrustDomain left, TrustDomain right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(TrustDomain left, TrustDomain right) => !left.Equals(right);

    /// <summary>Parses a trust domain name.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException">The text is not a trust domain name.</exception>
    public static TrustDomain Parse(string s) => Parse(s.AsSpan(), provider: null);

    /// <inheritdoc/>
    public static TrustDomain Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static TrustDomain Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var result) ? result : throw new FormatException("Not a trust domain name.");

    /// <summary>Parses a trust domain name; never throws.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The result; <c>default</c> when the text is refused.</param>
    /// <returns>Whether the text is a trust domain name.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, out TrustDomain result)
    {
        result = default;
        if (s.Length is 0 or > MaxLength || s.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        result = new TrustDomain(s.ToString());
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TrustDomain result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TrustDomain result) => TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(TrustDomain other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TrustDomain other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>The text as it was parsed; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;
}
