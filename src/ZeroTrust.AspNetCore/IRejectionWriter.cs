using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>
/// Answers a refused call in one protocol. Register with <c>TryAddEnumerable</c>; the fallback is a status of gRPC for calls of gRPC over
/// HTTP/2, else problem+json.
/// </summary>
public interface IRejectionWriter
{
    /// <summary>Whether this writer speaks the protocol of the call.</summary>
    /// <param name="context">The call.</param>
    bool CanWrite(HttpContext context);

    /// <summary>Writes the whole answer. The status of the rejection is already set and may be replaced.</summary>
    /// <param name="context">The call; its response has not started.</param>
    /// <param name="rejection">Why. Only <see cref="Rejection.Code"/> may leave the process.</param>
    /// <param name="cancellationToken">Ends with the call.</param>
    Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken);
}
