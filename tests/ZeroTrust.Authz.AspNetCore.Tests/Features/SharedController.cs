using Microsoft.AspNetCore.Mvc;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

[Route("/answer")]
[RequireContext]
internal sealed class SharedController(FrameworkFeature feature) : ControllerBase
{
    [HttpGet]
    [ResponseCache(Duration = 60)]
    public string Get([FromServices] AuthzContext context) => feature.Answer(context);
}

[Route("/answer")]
[RequireContext]
internal sealed class ProfileController(FrameworkFeature feature) : ControllerBase
{
    [HttpGet]
    [ResponseCache(CacheProfileName = "profile")]
    public string Get([FromServices] AuthzContext context) => feature.Answer(context);
}

[Route("/answer")]
[RequireContext]
internal sealed class ClientCachedController(FrameworkFeature feature) : ControllerBase
{
    [HttpGet]
    [ResponseCache(Duration = 60, Location = ResponseCacheLocation.Client, VaryByQueryKeys = ["page"])]
    public string Get([FromServices] AuthzContext context) => feature.Answer(context);
}

[Route("/answer")]
[ZeroTrust.AspNetCore.AllowPublic("the same for everybody")]
internal sealed class PublicController : ControllerBase
{
    [HttpGet]
    [ResponseCache(Duration = 60)]
    public string Get() => "public";
}
