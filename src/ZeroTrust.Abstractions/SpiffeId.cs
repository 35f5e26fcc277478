using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>A SPIFFE ID, <c>spiffe://trust-domain/path</c>.</summary>
/// <remarks>Strict SPIFFE-ID section 2: lower-case scheme and trust domain, no port, user part, query, fragment or percent-encoding, no empty, <c>.</c> or <c>..</c> segment and no trailing slash.</remarks>
public readonly struct SpiffeId : IEquatable<SpiffeId>, ISpanParsable<SpiffeId>
{
    /// <summary>The longest SPIFFE ID, in characters (SPIFFE-ID section 2.3).</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "spiffe://";

    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string? _value;

    private SpiffeId(string value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names nothing and is refused everywhere.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The trust domain; <c>default</c> for <c>default</c>.</summary>
    public TrustDomain TrustDomain => _value is null ? default : TrustDomain.Parse(DomainOf(_value), provider: null);

    /// <summary>The path with its leading slash; empty for the ID of a trust domain itself.</summary>
    public string Path => _value is null ? string.Empty : _value[(Scheme.Length + DomainOf(_value).Length)..];

    /// <summary>Whether both name the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(SpiffeId left, SpiffeId right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(SpiffeId left, SpiffeId right) => !left.Equals(right);

    /// <summary>Parses a SPIFFE ID.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException">The text is not a SPIFFE ID.</exception>
    public static SpiffeId Parse(string s) => Parse(s.AsSpan(), provider: null);

    /// <inheritdoc/>
    public static SpiffeId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static SpiffeId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var result) ? result : throw new FormatException("Not a SPIFFE ID.");

    /// <summary>Parses a SPIFFE ID; never throws.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The result; <c>default</c> when the text is refused.</param>
    /// <returns>Whether the text is a SPIFFE ID.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, out SpiffeId result)
    {
        result = default;
        if (s.Length > MaxLength || !s.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var domain = DomainOf(s);
        var path = s[(Scheme.Length + domain.Length)..];
        if (!TrustDomain.TryParse(domain, out _) || !IsPath(path))
        {
            return false;
        }

        result = new SpiffeId(s.ToString());
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SpiffeId result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out SpiffeId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(SpiffeId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpiffeId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>The text as it was parsed; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;

    private static ReadOnlySpan<char> DomainOf(ReadOnlySpan<char> id)
    {
        var rest = id[Scheme.Length..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        foreach (var segment in path[1..].Split('/'))
        {
            var name = path[1..][segment];
            if (name.IsEmpty || name is "." or ".." || name.ContainsAnyExcept(PathCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
