using Grpc.Core;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>Reads what a client of gRPC throws for a call that was refused.</summary>
internal sealed class GrpcUpstreamRefusalReader : IUpstreamRefusalReader
{
    /// <summary>A refusal by the rules of these packages, with its code; null for what another server decided, and this workload's own.</summary>
    public static Rejection? Coded(RpcException failure) => failure is not RefusingRpcException && RejectionRpc.CodeOf(failure) is { } code
        ? new Rejection(code, Detail(failure), KindOf(failure.StatusCode)).ToOutbound()
        : null;

    public bool TryRead(Exception exception, out Rejection? refusal)
    {
        refusal = null;
        if (exception is not RpcException failure)
        {
            return false;
        }

        if (failure is not RefusingRpcException)
        {
            refusal = Coded(failure) ?? Uncoded(failure);
        }

        return true;
    }

    private static Rejection? Uncoded(RpcException failure) => failure.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied
        ? new Rejection("aspnetcore.upstream_refused", Detail(failure), RejectionKind.BadGateway).ToOutbound()
        : null;

    private static string Detail(RpcException failure) =>
        $"A call to another server ended with {failure.StatusCode}: it was refused there, or the server here.";

    private static RejectionKind KindOf(StatusCode status) =>
        status == StatusCode.Unavailable ? RejectionKind.Unavailable : RejectionKind.BadGateway;
}
