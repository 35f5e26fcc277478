using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>
/// For whom a call was served, as the audit of served calls says it; <c>AddAuthzEndpoints()</c> registers one that reads the context of the
/// call.
/// </summary>
public interface IServedCallFacts
{
    /// <summary>The tenant the call was served for.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The tenant; null where the call has none.</returns>
    string? TenantOf(HttpContext context);

    /// <summary>The subject the call was served for.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The subject; null where the call has none. It is personal data.</returns>
    string? SubjectOf(HttpContext context);
}
