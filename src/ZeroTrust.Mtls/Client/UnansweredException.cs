namespace ZeroTrust.Mtls.Client;

/// <summary>
/// A connection ended after its handshake and before a byte from the server, which is how TLS 1.3 shows a refused client.
/// </summary>
/// <remarks>
/// Thrown in place of an end of the stream, which the platform would take for a connection that was kept too long, and try the next.
/// </remarks>
internal sealed class UnansweredException(string message, Rejection rejection, Exception? cause)
    : HttpIOException(HttpRequestError.ResponseEnded, message, new RejectionException(rejection, cause))
{
    /// <summary>What happened, in words for the program: the platform adds its own to a message.</summary>
    public string Text { get; } = message;

    /// <summary>Why, as far as the server lets it be known.</summary>
    public Rejection Rejection { get; } = rejection;
}
