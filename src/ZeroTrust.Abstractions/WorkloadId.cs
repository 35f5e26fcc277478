using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>The name of a workload: its SPIFFE ID, or <c>dns:</c> and the only DNS name of its certificate.</summary>
/// <remarks>Taken from a verified certificate only, never from its subject or common name.</remarks>
public readonly struct WorkloadId : IEquatable<WorkloadId>, ISpanParsable<WorkloadId>
{
    /// <summary>The longest workload id, in characters.</summary>
    public const int MaxLength = ZeroTrust.SpiffeId.MaxLength;

    private const string DnsPrefix = "dns:";
    private const int MaxDnsLength = 253;

    private static readonly SearchValues<char> DnsCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    private readonly string? _value;

    private WorkloadId(string value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names nothing and is refused everywhere.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The SPIFFE ID, where the workload has one.</summary>
    public SpiffeId? SpiffeId => ZeroTrust.SpiffeId.TryParse(_value, out var id) ? id : null;

    /// <summary>The DNS name, where the workload has no SPIFFE ID.</summary>
    public string? DnsName => _value?.StartsWith(DnsPrefix, StringComparison.Ordinal) == true ? _value[DnsPrefix.Length..] : null;

    /// <summary>The workload with this SPIFFE ID.</summary>
    /// <param name="id">A SPIFFE ID with a path.</param>
    /// <exception cref="ArgumentException">The id is <c>default</c> or names a whole trust domain.</exception>
    public static WorkloadId FromSpiffeId(SpiffeId id) =>
        id.Path.Length > 0 ? new(id.ToString()) : throw new ArgumentException("A workload's SPIFFE ID has a path.", nameof(id));

    /// <summary>Whether both name the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(WorkloadId left, WorkloadId right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(WorkloadId left, WorkloadId right) => !left.Equals(right);

    /// <summary>Parses a workload id.</summary>
    /// <param name="s">The text.</param>
    /// <exception cref="FormatException">The text is not a workload id.</exception>
    public static WorkloadId Parse(string s) => Parse(s.AsSpan(), provider: null);

    /// <inheritdoc/>
    public static WorkloadId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static WorkloadId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, out var result) ? result : throw new FormatException("Not a workload id.");

    /// <summary>Parses a workload id; never throws.</summary>
    /// <param name="s">The text.</param>
    /// <param name="result">The result; <c>default</c> when the text is refused.</param>
    /// <returns>Whether the text is a workload id.</returns>
    public static bool TryParse(ReadOnlySpan<char> s, out WorkloadId result)
    {
        result = default;
        if (!IsDns(s) && !(ZeroTrust.SpiffeId.TryParse(s, out var id) && id.Path.Length > 0))
        {
            return false;
        }

        result = new WorkloadId(s.ToString());
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out WorkloadId result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out WorkloadId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(WorkloadId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WorkloadId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>The text as it was parsed; empty for <c>default</c>.</summary>
    public override string ToString() => _value ?? string.Empty;

    private static bool IsDns(ReadOnlySpan<char> s)
    {
        if (!s.StartsWith(DnsPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var name = s[DnsPrefix.Length..];
        if (name.Length is 0 or > MaxDnsLength || name.ContainsAnyExcept(DnsCharacters))
        {
            return false;
        }

        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }
        }

        return true;
    }
}
