using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Reads for the audit of served calls the context each was served by.</summary>
internal sealed class ContextFacts : IServedCallFacts
{
    public string? TenantOf(HttpContext context) => ContextOf(context)?.Tenant.ToString();

    public string? SubjectOf(HttpContext context) => ContextOf(context)?.Subject.ToString();

    private static AuthzContext? ContextOf(HttpContext context) =>
        context.Features.Get<IAuthzContextFeature>()?.Verdict is { IsAccepted: true, Value: var value } ? value : null;
}
