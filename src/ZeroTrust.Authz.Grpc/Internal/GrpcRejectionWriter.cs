using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>Answers a refused gRPC call in its own protocol: a trailers-only response, so the client sees a status and not a broken HTTP answer.</summary>
internal sealed class GrpcRejectionWriter : IRejectionWriter
{
    private const string ContentType = "application/grpc";

    public bool CanWrite(HttpContext context) =>
        HttpProtocol.IsHttp2(context.Request.Protocol)
        && context.Request.ContentType is { } type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';');

    public Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken)
    {
        var status = RejectionRpc.ToStatus(rejection);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = status.Message; // a code: nothing in it needs percent-encoding
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        return response.CompleteAsync();
    }
}
