using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using ZeroTrust.Mtls;
using Status = Grpc.Core.Status;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>
/// Gives a client of gRPC a status for a server that was refused, with the refusal as its cause: of any other exception it makes
/// INTERNAL.
/// </summary>
internal sealed class GrpcRejectionMapper : IOutboundRejectionMapper
{
    private const string MediaType = "application/grpc";
    private const string CodeKey = "zerotrust.code"; // of the data of a cause, by the handler of AddMtls
    private const string Detail = "The server was refused, or the call before it was sent. The cause of this exception says why.";

    public Exception? Map(HttpRequestMessage request, RejectionException refusal) => !IsGrpc(request) ? null
        : refusal.InnerException is HttpRequestException { StatusCode: { } status } answer
            ? Answered(StatusOf(status), answer.Data[CodeKey], refusal)
        : new RpcException(new Status(
            refusal.Rejection.Kind == RejectionKind.Unavailable ? StatusCode.Unavailable : StatusCode.Unauthenticated, Detail, refusal));

    // A server that refused the connection, and said so: its words are the status.
    private static RpcException Answered(StatusCode status, object? code, RejectionException refusal)
    {
        var told = new Google.Rpc.Status { Code = (int)status, Message = code as string ?? Detail };
        if (code is string reason)
        {
            told.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = RejectionRpc.Domain }));
        }

        return new RpcException(new Status(status, told.Message, refusal), told.ToRpcException().Trailers);
    }

    private static StatusCode StatusOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => StatusCode.InvalidArgument,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        _ => StatusCode.Unauthenticated,
    };

    private static bool IsGrpc(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType is { } type
        && type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] is '+' or '-');
}
