using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>Answers a refused gRPC call in its own protocol: a trailers-only response of gRPC or gRPC-Web, so the client sees a status and not a broken HTTP answer.</summary>
internal sealed class GrpcRejectionWriter : IRejectionWriter
{
    private const string Grpc = "application/grpc";
    private const string GrpcWeb = "application/grpc-web";
    private const string GrpcWebText = "application/grpc-web-text";

    /// <summary>Whether the caller speaks gRPC or gRPC-Web, and not JSON that is transcoded.</summary>
    public static bool IsGrpc(HttpContext context) => AnswerTypeOf(context.Request) is not null;

    public bool CanWrite(HttpContext context) => IsGrpc(context);

    public Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken)
    {
        var status = RejectionRpc.ToStatus(rejection);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = AnswerTypeOf(context.Request);
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = status.Message; // a code: nothing in it needs percent-encoding
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        return response.CompleteAsync();
    }
    // gRPC needs HTTP/2; gRPC-Web is there for browsers and comes over any version.
    private static string? AnswerTypeOf(HttpRequest request) =>
        IsOf(request, Grpc) && HttpProtocol.IsHttp2(request.Protocol) ? Grpc
        : IsOf(request, GrpcWeb) ? GrpcWeb
        : IsOf(request, GrpcWebText) ? GrpcWebText
        : null;

    private static bool IsOf(HttpRequest request, string type) =>
        request.ContentType is { } presented
        && presented.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (presented.Length == type.Length || presented[type.Length] is '+' or ';');
}
