using System.Net.Sockets;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// Which failed calls are sent once more, across a rotation. The platform sends again what failed on a connection of HTTP/1.1 that the
/// server closed; over HTTP/2, and where a connection is reset or cut from here, nobody else does.
/// </summary>
internal static class SafeRetry
{
    /// <summary>An idempotent request (RFC 9110 section 9.2.2) without content, whose connection failed before any answer.</summary>
    public static bool Applies(HttpRequestMessage request, HttpRequestException exception) =>
        request.Content is null && IsIdempotent(request.Method) && IsOfTheConnection(exception);

    /// <summary>Whether a method is one of those that RFC 9110 section 9.2.2 calls idempotent.</summary>
    public static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
        || method == HttpMethod.Trace || method == HttpMethod.Put || method == HttpMethod.Delete;

    private static bool IsOfTheConnection(HttpRequestException exception) =>
        exception.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded
        || IsOfTheTransport(exception.InnerException);

    // The platform's own kinds of IOException tell what the server said instead, such as a stream it reset.
    private static bool IsOfTheTransport(Exception? exception)
    {
        while (exception is HttpIOException and not UnansweredException)
        {
            exception = exception.InnerException;
        }

        return exception is IOException or SocketException or ObjectDisposedException;
    }
}
