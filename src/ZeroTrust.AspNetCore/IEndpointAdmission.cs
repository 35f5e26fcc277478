using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>
/// What else has to hold before an endpoint runs that the pipeline was not asked about: one that a call reached by re-execution or in exchange for
/// another. Register with <c>TryAddEnumerable</c>.
/// </summary>
public interface IEndpointAdmission
{
    /// <summary>Judges one call of one endpoint.</summary>
    /// <param name="context">The call.</param>
    /// <param name="endpoint">The endpoint that is about to run.</param>
    /// <returns>Why it may not; null when it may.</returns>
    Rejection? Check(HttpContext context, Endpoint endpoint);
}
