using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Grpc.Internal;

namespace ZeroTrust.Authz.Grpc;

/// <summary>A <see cref="Rejection"/> as a gRPC status: a status code and <c>google.rpc.ErrorInfo</c>, both ways.</summary>
public static class RejectionRpc
{
    /// <summary>The <c>domain</c> of every <c>ErrorInfo</c> made here.</summary>
    public const string Domain = "zerotrust";

    /// <summary>The gRPC status code a rejection is answered with.</summary>
    /// <param name="rejection">Why.</param>
    /// <returns>UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, UNAVAILABLE or, for a refused outbound call, FAILED_PRECONDITION by
    /// <see cref="Rejection.Kind"/>, UNIMPLEMENTED where HTTP answers 404, else INTERNAL.</returns>
    public static StatusCode StatusOf(Rejection rejection)
    {
        if (RejectionHandler.StatusOf(rejection) == StatusCodes.Status404NotFound)
        {
            return StatusCode.Unimplemented;
        }

        return rejection.Kind switch
        {
            RejectionKind.Unauthenticated => StatusCode.Unauthenticated,
            RejectionKind.Forbidden => StatusCode.PermissionDenied,
            RejectionKind.Malformed => StatusCode.InvalidArgument,
            RejectionKind.Unavailable => StatusCode.Unavailable,
            RejectionKind.BadGateway => StatusCode.FailedPrecondition,
            _ => StatusCode.Internal,
        };
    }

    /// <summary>The rich status of a rejection.</summary>
    /// <param name="rejection">Why. Its detail is for the operator's log and is not in the status; nor is the code of a refused outbound call.</param>
    /// <returns>The status, with one <c>ErrorInfo</c> whose <c>reason</c> is the code of <see cref="RejectionHandler.Answerable"/>.</returns>
    public static Google.Rpc.Status ToStatus(Rejection rejection)
    {
        var told = RejectionHandler.Answerable(rejection);
        return new Google.Rpc.Status
        {
            Code = (int)StatusOf(told),
            Message = told.Code,
            Details = { Any.Pack(new ErrorInfo { Reason = told.Code, Domain = Domain }) },
        };
    }

    /// <summary>The exception a gRPC method throws to refuse its call.</summary>
    /// <param name="rejection">Why. Its detail is for the operator's log and is not in the exception.</param>
    /// <returns>The exception, carrying <see cref="ToStatus"/> in its trailers.</returns>
    public static RpcException ToRpcException(Rejection rejection) => new RefusingRpcException(ToStatus(rejection).ToRpcException());

    /// <summary>The code of the rejection a call ended with, at the client.</summary>
    /// <param name="exception">What the call threw.</param>
    /// <returns>
    /// The code, for example <c>authz.permission_missing</c>; that of the client's own refusal where it refused the server, for
    /// example <c>mtls.server_identity_mismatch</c>; <see langword="null"/> when the call was not refused by ZeroTrust.
    /// </returns>
    /// <remarks>What a server says is a claim; only a server that was verified can be believed.</remarks>
    public static string? CodeOf(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Domain: Domain } info
            ? info.Reason
            : RejectionException.FindIn(exception.Status.DebugException)?.Code;
    }
}
