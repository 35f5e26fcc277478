using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Authz.Grpc;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Answers a call whose own call failed, telling the test what the failure said.</summary>
internal static class Failures
{
    public static IResult ToResult(RpcException failure) =>
        ToResult(failure.StatusCode.ToString(), RejectionRpc.CodeOf(failure), failure.Status.Detail);

    public static IResult ToResult(HttpRequestException failure) => ToResult(failure.HttpRequestError.ToString(), Refusal(failure));

    private static IResult ToResult(string status, string? code, string? detail = null) =>
        Results.Json(new { status, code, detail }, statusCode: StatusCodes.Status502BadGateway);

    // What this side refused never came over the wire; it is inside of the exception.
    private static string? Refusal(Exception? exception)
    {
        while (exception is not null and not RejectionException)
        {
            exception = exception.InnerException;
        }

        return (exception as RejectionException)?.Rejection.Code;
    }
}
