namespace ZeroTrust;

/// <summary>Carries a <see cref="Rejection"/> through a framework seam that knows only exceptions.</summary>
/// <remarks>Hosts answer it like the rejection itself. The message holds the code alone, and of an outbound refusal not even that: applications show messages.</remarks>
public sealed class RejectionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="rejection">The refusal to carry.</param>
    public RejectionException(Rejection rejection)
        : this(rejection, innerException: null)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="rejection">The refusal to carry.</param>
    /// <param name="innerException">What led to the refusal.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rejection"/> is null.</exception>
    public RejectionException(Rejection rejection, Exception? innerException)
        : base(MessageOf(rejection ?? throw new ArgumentNullException(nameof(rejection))), innerException)
    {
        Rejection = rejection;
    }

    /// <summary>The refusal.</summary>
    public Rejection Rejection { get; }

    /// <summary>The refusal an exception was caused by: frameworks wrap what their extensions throw.</summary>
    /// <param name="exception">What was caught; null finds nothing.</param>
    /// <returns>
    /// The outermost refusal, the first one of several tasks; null when nothing was refused. It may be that of an outbound call
    /// (<see cref="Rejection.IsOutbound"/>).
    /// </returns>
    public static Rejection? FindIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is RejectionException refused)
            {
                return refused.Rejection;
            }

            if (exception is AggregateException several)
            {
                return FindInAny(several);
            }
        }

        return null;
    }

    private static Rejection? FindInAny(AggregateException several)
    {
        foreach (var exception in several.InnerExceptions)
        {
            if (FindIn(exception) is { } rejection)
            {
                return rejection;
            }
        }

        return null;
    }

    private static string MessageOf(Rejection rejection) =>
        rejection.IsOutbound ? "A call to another server was refused. The Rejection of this exception says why." : rejection.Code;
}
