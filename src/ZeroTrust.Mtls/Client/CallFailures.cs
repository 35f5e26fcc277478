namespace ZeroTrust.Mtls.Client;

/// <summary>
/// What the program gets for a call that failed: a refusal where one is certain, else the platform's exception with what is known.
/// </summary>
internal static class CallFailures
{
    // In the data of an exception: what is not idempotent may have been executed, so that a host must not say "try again" for it.
    private const string MayBeExecuted = "zerotrust.may_be_executed";

    /// <summary>The exception to throw in place of what the platform threw.</summary>
    /// <remarks>
    /// A refusal is no <see cref="HttpRequestException"/>: what retries those, or counts them as an outage, would call an impostor again.
    /// </remarks>
    /// <param name="request">The call.</param>
    /// <param name="exception">What the platform threw.</param>
    /// <param name="made">The connection that was made for the call, where the platform does not say why it failed.</param>
    public static Exception Told(HttpRequestMessage request, HttpRequestException exception, ServerStream? made)
    {
        for (Exception? inner = made?.Unanswered ?? (Exception)exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case UnansweredException { Rejection.Kind: RejectionKind.Unavailable } closed:
                    return Closed(request, closed);
                case UnansweredException refused:
                    return new RejectionException(refused.Rejection, refused.InnerException?.InnerException);
                case RejectionException refusal:
                    return new RejectionException(refusal.Rejection, refusal.InnerException);
                case HttpIOException { HttpRequestError: HttpRequestError.VersionNegotiationError } negotiation:
                    return NoHttp2(negotiation);
            }
        }

        return exception.HttpRequestError == HttpRequestError.VersionNegotiationError ? NoHttp2(exception)
            : made is not null ? Outage(exception)
            : exception;
    }

    /// <summary>A failure of the connection, of a time limit for it: gRPC takes it for a cancellation otherwise.</summary>
    public static HttpRequestException TimedOut(OperationCanceledException exception)
    {
        const string Message = "The connection was not made in time.";
        return new(HttpRequestError.ConnectionError, Message, new HttpIOException(HttpRequestError.ConnectionError, Message, exception));
    }

    // Over gRPC UNAVAILABLE says no more than that, and policies of retries are of each method.
    private static HttpRequestException Closed(HttpRequestMessage request, UnansweredException closed)
    {
        if (SafeRetry.IsIdempotent(request.Method) || GrpcAnswer.Fits(request))
        {
            return new HttpRequestException(HttpRequestError.ResponseEnded, closed.Text, closed);
        }

        return new HttpRequestException(
            HttpRequestError.ResponseEnded,
            $"{closed.Text} Whether it executed the call is not known: {request.Method} is not idempotent, and was sent once.",
            closed)
        { Data = { [MayBeExecuted] = true } };
    }

    // Of a connection that could take no call; gRPC takes what has no cause for INTERNAL.
    private static HttpRequestException Outage(HttpRequestException exception) =>
        new(
            exception.HttpRequestError,
            exception.Message,
            new HttpIOException(HttpRequestError.ConnectionError, exception.Message, exception));

    // Within it one that gRPC takes for an outage, as it does elsewhere: of itself it would be INTERNAL.
    private static HttpRequestException NoHttp2(Exception exception)
    {
        const string Message = "The server does not speak the version of HTTP that is asked for.";
        return new(
            HttpRequestError.VersionNegotiationError,
            Message,
            new HttpIOException(HttpRequestError.VersionNegotiationError, Message, exception));
    }
}
