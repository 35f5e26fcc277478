using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore;

/// <summary>Makes endpoint results of rejections.</summary>
public static class Rejections
{
    /// <summary>A result that refuses the call through <see cref="RejectionHandler"/>.</summary>
    /// <param name="rejection">Why.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rejection"/> is null.</exception>
    public static IResult ToResult(Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        return new RejectionResult(rejection);
    }
}
