using Google.Rpc;
using Grpc.Core;

namespace ZeroTrust.Authz.Grpc.Tests;

public sealed class RejectionRpcTests
{
    [Theory]
    [InlineData(RejectionKind.Unauthenticated, StatusCode.Unauthenticated)]
    [InlineData(RejectionKind.Forbidden, StatusCode.PermissionDenied)]
    [InlineData(RejectionKind.Malformed, StatusCode.InvalidArgument)]
    [InlineData(RejectionKind.Unavailable, StatusCode.Unavailable)]
    [InlineData(RejectionKind.BadGateway, StatusCode.FailedPrecondition)]
    [InlineData(RejectionKind.Unspecified, StatusCode.Internal)]
    public void Each_kind_has_its_status(RejectionKind kind, StatusCode status) =>
        Assert.Equal(status, RejectionRpc.StatusOf(new Rejection("test.code", "secret", kind)));

    [Fact]
    public void The_code_survives_the_exception_and_the_detail_does_not()
    {
        var exception = RejectionRpc.ToRpcException(new Rejection("test.code", "secret", RejectionKind.Forbidden));

        Assert.Equal("test.code", RejectionRpc.CodeOf(exception));
        Assert.DoesNotContain("secret", exception.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_but_the_unspecified_has_a_status_of_its_own_meaning() => Assert.All(
        Enum.GetValues<RejectionKind>().Except([RejectionKind.Unspecified]),
        kind => Assert.NotEqual(StatusCode.Internal, RejectionRpc.StatusOf(new Rejection("test.code", "secret", kind))));

    [Theory]
    [InlineData(RejectionKind.Unauthenticated, StatusCode.FailedPrecondition, "aspnetcore.upstream_refused")]
    [InlineData(RejectionKind.Forbidden, StatusCode.FailedPrecondition, "aspnetcore.upstream_refused")]
    [InlineData(RejectionKind.Unavailable, StatusCode.Unavailable, "aspnetcore.upstream_unavailable")]
    public void The_code_of_a_refused_outbound_call_does_not_leave(RejectionKind kind, StatusCode status, string code)
    {
        var exception = RejectionRpc.ToRpcException(new Rejection("mtls.server_identity_mismatch", "secret", kind).ToOutbound());

        Assert.Equal((status, code), (exception.StatusCode, RejectionRpc.CodeOf(exception)));
        Assert.DoesNotContain("mtls.", exception.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("mtls.", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Error_info_of_another_domain_is_no_rejection()
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.PermissionDenied,
            Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new ErrorInfo { Reason = "authz.permission_missing", Domain = "elsewhere" }) },
        };
        Assert.Null(RejectionRpc.CodeOf(status.ToRpcException()));
    }
}
