using Grpc.Core;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>Reads what a client of gRPC throws for a call that was refused.</summary>
internal sealed class GrpcUpstreamRefusalReader : IUpstreamRefusalReader
{
    /// <summary>
    /// The refusal that a status tells of which a method let pass. Without a mark, or a code of these packages, the method may have chosen it.
    /// </summary>
    public static Rejection? Passed(RpcException failure) =>
        Coded(failure) ?? (CalledServerInterceptor.IsOfCalledServer(failure) ? Uncoded(failure) : null);

    public bool TryRead(Exception exception, out Rejection? refusal)
    {
        refusal = exception is RpcException failure and not RefusingRpcException ? Coded(failure) ?? Uncoded(failure) : null;
        return exception is RpcException;
    }

    private static Rejection? Coded(RpcException failure) => failure is not RefusingRpcException && RejectionRpc.CodeOf(failure) is { } code
        ? new Rejection(code, Detail(failure), KindOf(failure.StatusCode)).ToOutbound()
        : null;

    private static Rejection? Uncoded(RpcException failure) =>
        failure.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied
        ? new Rejection("aspnetcore.upstream_refused", Detail(failure), RejectionKind.BadGateway).ToOutbound()
        : null;

    private static string Detail(RpcException failure) =>
        $"A call to another server ended with {failure.StatusCode}: it was refused there, or the server here.";

    private static RejectionKind KindOf(StatusCode status) =>
        status == StatusCode.Unavailable ? RejectionKind.Unavailable : RejectionKind.BadGateway;
}
