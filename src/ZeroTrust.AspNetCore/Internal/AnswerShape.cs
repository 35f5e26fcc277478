using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What tells one answer from another before its body: a callback of the application may not turn a refusal into something else.</summary>
internal readonly record struct AnswerShape(int Status, string? ContentType, long? ContentLength, string? GrpcStatus)
{
    public static AnswerShape Of(HttpResponse response) =>
        new(response.StatusCode, response.ContentType, response.ContentLength, response.Headers["grpc-status"]);
}
