namespace ZeroTrust;

/// <summary>Makes <see cref="Verdict{T}"/>s.</summary>
public static class Verdict
{
    /// <summary>An accepted verdict.</summary>
    /// <typeparam name="T">The type of the proof.</typeparam>
    /// <param name="value">The proof.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public static Verdict<T> Accept<T>(T value)
        where T : class => new(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A refused verdict.</summary>
    /// <typeparam name="T">The type of the proof that was not given.</typeparam>
    /// <param name="rejection">Why.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rejection"/> is null.</exception>
    public static Verdict<T> Refuse<T>(Rejection rejection)
        where T : class => new(rejection ?? throw new ArgumentNullException(nameof(rejection)));
}
