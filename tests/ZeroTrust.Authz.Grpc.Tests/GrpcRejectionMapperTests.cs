using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using ZeroTrust.Authz.Grpc.Internal;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>The exception that a client of gRPC passes on as it is.</summary>
public sealed class GrpcRejectionMapperTests
{
    [Theory]
    [InlineData("application/grpc", RejectionKind.BadGateway, StatusCode.Unauthenticated)]
    [InlineData("application/grpc+proto", RejectionKind.Unspecified, StatusCode.Unauthenticated)]
    [InlineData("application/grpc-web-text", RejectionKind.Malformed, StatusCode.Unauthenticated)]
    [InlineData("Application/GRPC", RejectionKind.Unavailable, StatusCode.Unavailable)]
    public void A_call_of_grpc_gets_a_status_with_the_refusal_as_its_cause(string type, RejectionKind kind, StatusCode status)
    {
        var refusal = new RejectionException(new Rejection("mtls.test", "secret detail", kind));

        var failure = Assert.IsType<RpcException>(Map(type, refusal));

        Assert.Equal(status, failure.StatusCode);
        Assert.Same(refusal.Rejection, RejectionException.FindIn(failure));
        Assert.Equal("mtls.test", RejectionRpc.CodeOf(failure));
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "mtls.peer_not_listed", StatusCode.PermissionDenied, "mtls.peer_not_listed")]
    [InlineData(HttpStatusCode.Unauthorized, "x509.expired", StatusCode.Unauthenticated, "x509.expired")]
    [InlineData(HttpStatusCode.BadRequest, "mtls.too_large", StatusCode.InvalidArgument, "mtls.too_large")]
    [InlineData(HttpStatusCode.Forbidden, null, StatusCode.PermissionDenied, "mtls.refused_by_server")]
    public void A_server_that_says_why_it_refuses_is_repeated(HttpStatusCode answer, string? told, StatusCode status, string code)
    {
        var cause = new HttpRequestException("refused", inner: null, answer) { Data = { ["zerotrust.code"] = told } };
        var refusal = new RejectionException(new Rejection("mtls.refused_by_server", "secret detail", RejectionKind.BadGateway), cause);

        var failure = Assert.IsType<RpcException>(Map("application/grpc", refusal));

        Assert.Equal((status, code), (failure.StatusCode, RejectionRpc.CodeOf(failure)));
        Assert.Same(refusal.Rejection, RejectionException.FindIn(failure));
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpcx")]
    [InlineData(null)]
    public void Any_other_call_is_left_alone(string? type) =>
        Assert.Null(Map(type, new RejectionException(new Rejection("mtls.test", "detail", RejectionKind.Unavailable))));

    private static Exception? Map(string? type, RejectionException refusal)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://localhost/");
        if (type is not null)
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return new GrpcRejectionMapper().Map(request, refusal);
    }
}
