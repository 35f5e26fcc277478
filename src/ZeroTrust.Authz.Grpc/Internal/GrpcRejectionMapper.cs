using Grpc.Core;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>
/// Gives a client of gRPC a status for a server that was refused, with the refusal as its cause: of any other exception it makes
/// INTERNAL.
/// </summary>
internal sealed class GrpcRejectionMapper : IOutboundRejectionMapper
{
    private const string MediaType = "application/grpc";
    private const string Detail = "The server was refused, or the call before it was sent. The cause of this exception says why.";

    public Exception? Map(HttpRequestMessage request, RejectionException refusal) => IsGrpc(request)
        ? new RpcException(new Status(
            refusal.Rejection.Kind == RejectionKind.Unavailable ? StatusCode.Unavailable : StatusCode.Unauthenticated, Detail, refusal))
        : null;

    private static bool IsGrpc(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType is { } type
        && type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] is '+' or '-');
}
