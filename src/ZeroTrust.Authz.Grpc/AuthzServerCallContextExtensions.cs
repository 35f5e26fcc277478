using Grpc.Core;
using ZeroTrust.Authz.AspNetCore;

namespace ZeroTrust.Authz.Grpc;

/// <summary>The authorization context of a gRPC call.</summary>
public static class AuthzServerCallContextExtensions
{
    /// <summary>The verified context of the call.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The context.</returns>
    /// <exception cref="RejectionException">The call has none. Left to itself the exception ends the call with that rejection.</exception>
    public static AuthzContext GetAuthzContext(this ServerCallContext context) => context.GetHttpContext().GetAuthzContext();
}
