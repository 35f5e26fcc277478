using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>Who a call acts for: <c>[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}</c>, qualified by its issuer.</summary>
/// <remarks>A user reads <c>issuer/sub</c>. A workload that acts on its own reads <c>system:</c> and its workload id.</remarks>
public readonly struct SubjectId : IEquatable<SubjectId>, ISpanParsable<SubjectId>
{
    /// <summary>The longest subject id, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>What a subject begins with that is a workload acting on its own; its workload id follows.</summary>
    public const string SystemPrefix = "system:";

    private static readonly SearchValues<char> Tail =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/+-");

    private readonly string? _value;

    private SubjectId(string value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names nothing and is refused everywhere.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Whether a user or a workload acts.</summary>
    public SubjectKind Kind => _value switch
    {
        null => SubjectKind.Unspecified,
        _ when _value.StartsWith(SystemPrefix, StringComparison.Ordinal) => SubjectKind.System,
        _ => SubjectKind.User,
    };

    /// <summary>Whether both name the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(SubjectId left, SubjectId right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(SubjectId left, SubjectId right) => !left.Equals(right);

    /// <summary>Parses a subject id.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException">The text is not a subject id.</exception>
    public static SubjectId Parse(string s) => Parse(s.AsSpan(), provider: null);

    /// <inheritdoc/>
    public static SubjectId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static SubjectId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var result) ? result : throw new FormatException("Not a subject id.");

    /// <summary>Parses a subject id; never throws.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The result; <c>default</c> when the text is refused.</param>
    /// <returns>Whether the text is a subject id.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, out SubjectId result)
    {
        result = default;
        if (s.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(s[0]) || s.ContainsAnyExcept(Tail))
        {
            return false;
        }

        result = new SubjectId(s.ToString());
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SubjectId result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out SubjectId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(SubjectId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SubjectId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>The text as it was parsed; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;
}
