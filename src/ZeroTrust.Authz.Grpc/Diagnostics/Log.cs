using Microsoft.Extensions.Logging;

namespace ZeroTrust.Authz.Grpc.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(EventId = 3200, EventName = "GrpcMethodFailed", Level = LogLevel.Error,
        Message = "The gRPC method {Method} failed; the caller was answered INTERNAL.")]
    public static partial void MethodFailed(ILogger logger, Exception exception, string method);
}
