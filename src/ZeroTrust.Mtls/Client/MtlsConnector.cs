using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Client;

/// <summary>Opens the connections of one generation: TCP, TLS, and the guard before a byte of a request is sent.</summary>
/// <param name="parts">The server and how it is proved.</param>
/// <param name="template">The handler everybody sees; a load balancer of gRPC puts its own way to connect there.</param>
/// <param name="connections">Where open connections are watched.</param>
/// <param name="resumption">The generation's memory of servers whose sessions may be resumed; null for full handshakes.</param>
internal sealed class MtlsConnector(
    HandlerParts parts, SocketsHttpHandler template, ServerConnections connections, ResumedPeers? resumption)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The handler refuses other schemes too; here it is certain, since nothing is sent without this method.
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A client bound by AddMtls sends https only.");
        }

        using var span = QuietSpan.Start(MtlsActivity.Source, "mtls.connect", ActivityKind.Client);
        var activity = span.Activity;
        var address = context.DnsEndPoint.Host;
        activity?.SetTag("server.address", address);
        activity?.SetTag("server.port", context.DnsEndPoint.Port);
        var handshake = parts.Connect(resumption);
        ServerStream? stream = null;
        try
        {
            var transport = await OpenAsync(context, cancellationToken).ConfigureAwait(false);
            stream = new ServerStream(transport, handshake, parts, address, connections);
            var options = handshake.CreateOptions(address, ProtocolsFor(context.InitialRequestMessage));
            await stream.AuthenticateAsClientAsync(options, cancellationToken)
                .ConfigureAwait(false);
            var peer = stream.Complete().GetOrThrow();
            await stream.ReleaseAsync(cancellationToken).ConfigureAwait(false);
            activity?.SetTag("zerotrust.workload", peer.ToString());
            activity?.SetTag("zerotrust.leaf_sha256", peer.LeafSha256);
            connections.Add(stream, context.InitialRequestMessage);
            parts.Audit.Accepted(peer, address);
            return stream;
        }
        catch (Exception exception)
        {
            await DisposeAsync(stream).ConfigureAwait(false);
            var rejection = HandshakeFailures.IsOfTheApplicationProtocol(exception) ? null : HandshakeFailures.Of(handshake, exception);
            activity?.SetStatus(ActivityStatusCode.Error);
            activity?.SetTag("error.type", rejection?.Code ?? exception.GetType().FullName);
            if (rejection is null)
            {
                if (HandshakeFailures.IsOfTheApplicationProtocol(exception))
                {
                    throw new HttpIOException(HttpRequestError.VersionNegotiationError, exception.Message, exception);
                }

                throw;
            }

            activity?.SetTag("zerotrust.leaf_sha256", handshake.Presented?.LeafSha256);
            parts.Audit.Refused(parts.Server, address, rejection, handshake.Presented);
            throw new RejectionException(rejection, exception);
        }
    }

    /// <summary>The last look at a connection: it is one that was proved here, and trust has not moved since the handshake.</summary>
    public async ValueTask<Stream> GuardAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var stream = context.PlaintextStream as ServerStream;
        var verdict = stream is not null && connections.Holds(stream)
            ? stream.Recheck()
            : MtlsRejections.Refuse(MtlsRejectionReason.HandshakeInvalid, "The connection is not the one that was proved.").ToOutbound();
        if (verdict.TryGet(out _, out var rejection))
        {
            return context.PlaintextStream;
        }

        parts.Audit.Refused(parts.Server, context.InitialRequestMessage.RequestUri?.Host ?? "", rejection, stream?.Peer?.Certificates);
        await context.PlaintextStream.DisposeAsync().ConfigureAwait(false);
        throw new RejectionException(rejection);
    }

    private static ValueTask DisposeAsync(ServerStream? stream) => stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Stream> ConnectSocketAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
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

    private async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        template.ConnectCallback is { } connect
            ? await connect(context, cancellationToken).ConfigureAwait(false)
            : await ConnectSocketAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
}
