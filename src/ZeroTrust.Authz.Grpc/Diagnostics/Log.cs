using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.Authz.Grpc.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 3200, EventName = "GrpcMethodFailed", Level = LogLevel.Error,
        Message = "The gRPC method {Method} failed; the caller was answered INTERNAL.")]
    public static partial void MethodFailed(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 3210, EventName = "GrpcUpstreamFailed", Level = LogLevel.Warning,
        Message = "The gRPC method {Method} failed: a server it called gave no answer ({StatusCode}).")]
    public static partial void UpstreamFailed(ILogger logger, Exception exception, string method, StatusCode statusCode);
}
