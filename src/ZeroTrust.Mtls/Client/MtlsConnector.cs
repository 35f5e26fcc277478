using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Client;

/// <summary>Opens the connections of one HTTP client: TCP, TLS, and the guard, before a byte of a request is sent.</summary>
internal sealed class MtlsConnector(PeerTls tls, WorkloadId server, ILogger logger)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The handler refuses other schemes too; here it is certain, since nothing is sent without this method.
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A client bound by AddMtls sends https only.");
        }

        using var activity = MtlsActivity.Source.StartActivity("mtls.connect", ActivityKind.Client);
        activity?.SetTag("server.address", context.DnsEndPoint.Host);
        var handshake = tls.ConnectTo(server);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = handshake.CreateOptions(context.DnsEndPoint.Host, ProtocolsFor(context.InitialRequestMessage));
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            var peer = handshake.Complete(stream).GetOrThrow();
            Log.ServerAccepted(logger, peer, context.DnsEndPoint.Host);
            return stream;
        }
        catch (Exception exception)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            if (exception is AuthenticationException or RejectionException && IsRefused(handshake, out var rejection))
            {
                Refused(context.DnsEndPoint, handshake, rejection, activity);
                throw new RejectionException(rejection, exception);
            }

            activity?.SetStatus(ActivityStatusCode.Error);
            activity?.SetTag("error.type", exception.GetType().FullName);
            throw;
        }
    }

    // A handshake that failed before the server's certificate was seen has no verdict, and is no refusal of ours.
    private static bool IsRefused(PeerClientHandshake handshake, out Rejection rejection)
    {
        rejection = handshake.Verdict.Rejection ?? Rejection.NotEvaluated;
        return !ReferenceEquals(rejection, Rejection.NotEvaluated);
    }

    private static List<SslApplicationProtocol> ProtocolsFor(HttpRequestMessage request)
    {
        var is2 = request.Version.Major >= 2;
        return request.VersionPolicy switch
        {
            HttpVersionPolicy.RequestVersionOrLower when is2 => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            HttpVersionPolicy.RequestVersionOrHigher when !is2 => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            _ => is2 ? [SslApplicationProtocol.Http2] : [SslApplicationProtocol.Http11],
        };
    }

    private void Refused(DnsEndPoint endPoint, PeerClientHandshake handshake, Rejection rejection, Activity? activity)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.SetTag("error.type", rejection.Code);
        Log.ServerRefused(logger, endPoint.Host, rejection, handshake.Presented?.LeafSha256);
    }
}
