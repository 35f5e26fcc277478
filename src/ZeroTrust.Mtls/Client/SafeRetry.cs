using System.Net.Sockets;

namespace ZeroTrust.Mtls.Client;

/// <summary>Which failed requests may be sent once more.</summary>
internal static class SafeRetry
{
    /// <summary>An idempotent request (RFC 9110 section 9.2.2) without content, whose connection failed before any answer.</summary>
    public static bool Applies(HttpRequestMessage request, HttpRequestException exception) =>
        request.Content is null && IsIdempotent(request.Method) && IsOfTheConnection(exception);

    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
        || method == HttpMethod.Trace || method == HttpMethod.Put || method == HttpMethod.Delete;

    private static bool IsOfTheConnection(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded
        || IsOfTheTransport(exception.InnerException);

    // The platform's own kinds of IOException tell what the server said instead, such as a stream it reset.
    private static bool IsOfTheTransport(Exception? exception)
    {
        while (exception is HttpIOException)
        {
            exception = exception.InnerException;
        }

        return exception is IOException or SocketException or ObjectDisposedException;
    }
}
