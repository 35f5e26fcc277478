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

    private static bool IsOfTheConnection(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ResponseEnded => true,
        HttpRequestError.Unknown => exception.InnerException is IOException or ObjectDisposedException,
        _ => false,
    };
}
