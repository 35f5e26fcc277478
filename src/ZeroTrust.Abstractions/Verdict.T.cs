using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust;

/// <summary>The outcome of a security check: accepted with a proof, or refused with a <see cref="ZeroTrust.Rejection"/>.</summary>
/// <typeparam name="T">The proof; a type only the verifier can create.</typeparam>
/// <remarks><c>default</c> is refused with <c>zerotrust.not_evaluated</c>, so a check that was skipped never reads as passed.</remarks>
public readonly struct Verdict<T> : IEquatable<Verdict<T>>
    where T : class
{
    private readonly Rejection? _rejection;

    internal Verdict(T value) => Value = value;

    internal Verdict(Rejection rejection) => _rejection = rejection;

    /// <summary>Whether the check accepted.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsAccepted => Value is not null;

    /// <summary>The proof; null when refused.</summary>
    public T? Value { get; }

    /// <summary>Why the check refused; null when accepted.</summary>
    public Rejection? Rejection => Value is null ? _rejection ?? Rejection.NotEvaluated : null;

    /// <summary>Refuses with a rejection.</summary>
    /// <param name="rejection">Why.</param>
    public static implicit operator Verdict<T>(Rejection rejection) => Verdict.Refuse<T>(rejection);

    /// <summary>Accepts with a proof.</summary>
    /// <param name="value">The proof.</param>
    public static implicit operator Verdict<T>(T value) => Verdict.Accept(value);

    /// <summary>Whether both carry the same proof or the same rejection.</summary>
    /// <param name="left">One verdict.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Verdict<T> left, Verdict<T> right) => left.Equals(right);

    /// <summary>Whether the verdicts differ.</summary>
    /// <param name="left">One verdict.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Verdict<T> left, Verdict<T> right) => !left.Equals(right);

    /// <summary>Takes the outcome apart.</summary>
    /// <param name="value">The proof, when accepted.</param>
    /// <param name="rejection">Why, when refused.</param>
    /// <returns>Whether the check accepted.</returns>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Rejection? rejection)
    {
        value = Value;
        rejection = Rejection;
        return value is not null;
    }

    /// <summary>The proof, for seams that can carry nothing but an exception.</summary>
    /// <exception cref="RejectionException">The check refused.</exception>
    public T GetOrThrow() => Value ?? throw new RejectionException(_rejection ?? Rejection.NotEvaluated);

    /// <inheritdoc/>
    public bool Equals(Verdict<T> other) => Equals(Value, other.Value) && ReferenceEquals(_rejection, other._rejection);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Verdict<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, _rejection);

    /// <summary>The proof or the rejection, for logs.</summary>
    public override string ToString() => IsAccepted ? $"accepted: {Value}" : $"refused: {Rejection}";
}
