using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

[Route("/answer")]
[RequireContext]
internal sealed class CachedController(FrameworkFeature feature) : ControllerBase
{
    [HttpGet]
    [OutputCache(PolicyName = "everyone")]
    public string Get([FromServices] AuthzContext context) => feature.Answer(context);
}
