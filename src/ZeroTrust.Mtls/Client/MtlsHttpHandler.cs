using System.Net;

namespace ZeroTrust.Mtls.Client;

/// <summary>The primary handler of a client bound to one server: https only, no redirect, no proxy, no cookies.</summary>
internal sealed class MtlsHttpHandler : DelegatingHandler
{
    public MtlsHttpHandler(MtlsConnector connector, MtlsOptions options)
        : base(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = options.ConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            UseCookies = false,
        })
    {
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireHttps(request);
        return SendCoreAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireHttps(request);
        try
        {
            return base.Send(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (FindRefusal(exception) is { } refusal)
        {
            throw Refused(refusal);
        }
    }

    private static void RequireHttps(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A client bound by AddMtls sends https only.");
        }
    }

    private static RejectionException? FindRefusal(Exception? exception)
    {
        while (exception is not null and not RejectionException)
        {
            exception = exception.InnerException;
        }

        return exception as RejectionException;
    }

    private static HttpRequestException Refused(RejectionException refusal) =>
        new(HttpRequestError.SecureConnectionError, $"The server was refused: {refusal.Rejection.Code}.", refusal);

    private async Task<HttpResponseMessage> SendCoreAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (FindRefusal(exception) is { } refusal)
        {
            throw Refused(refusal);
        }
    }
}
