using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>The one place a refused call is answered, logged and counted.</summary>
/// <remarks>
/// The caller learns <see cref="Rejection.Code"/> and nothing else; the detail goes to the log.
/// 401, 403, 400, 503 with Retry-After, or 500 by <see cref="Rejection.Kind"/>; RFC 9457.
/// </remarks>
public sealed class RejectionHandler
{
    internal RejectionHandler()
    {
    }

    /// <summary>The HTTP status a rejection is answered with.</summary>
    /// <param name="rejection">Why.</param>
    public static int StatusOf(Rejection rejection) => throw new NotSupportedException();

    /// <summary>Refuses the call: answers in its protocol, logs <c>CallRefused</c>, counts.</summary>
    /// <param name="context">The call. When its response has started it is aborted, for nothing better can be said.</param>
    /// <param name="rejection">Why.</param>
    public Task RefuseAsync(HttpContext context, Rejection rejection) => throw new NotSupportedException();
}
