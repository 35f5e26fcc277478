using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.SignalR;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

[Route("/naked")]
internal sealed class NakedController : ControllerBase
{
    [HttpGet]
    public string Get() => NakedCases.Canary;
}

[Authorize]
[Route("/naked")]
internal sealed class AuthorizedController : ControllerBase
{
    [HttpGet]
    public string Get() => NakedCases.Canary;
}

[AllowAnonymous]
[Route("/naked")]
internal sealed class AnonymousController : ControllerBase
{
    [HttpGet]
    public string Get() => NakedCases.Canary;
}

[Route("/naked")]
internal sealed class HalfDecidedController : ControllerBase
{
    [RequireContext]
    [HttpPost]
    public string Post() => NakedCases.Canary;

    [HttpGet]
    public string Get() => NakedCases.Canary;
}

[RequireContext]
[Route("/naked")]
internal sealed class TwiceDecidedController : ControllerBase
{
    [AllowPublic("no secret")]
    [HttpGet]
    public string Get() => NakedCases.Canary;
}

[Route("/decided")]
internal sealed class DecidedController : ControllerBase
{
    [RequirePermission("orders:read")]
    [HttpGet("permission")]
    public string Permission() => NakedCases.Canary;

    [RequireContext]
    [HttpGet("context")]
    public string Context() => NakedCases.Canary;

    [RequireTenant("tenant")]
    [HttpGet("{tenant}/tenant")]
    public string Tenant([FromRoute] string tenant) => NakedCases.Canary + tenant;

    [RequirePeer("spiffe://example.test/gateway")]
    [HttpGet("peer")]
    public string Peer() => NakedCases.Canary;

    [AllowPublic("no secret")]
    [HttpGet("public")]
    public string Public() => NakedCases.Canary;
}

internal sealed class PlainController : ControllerBase
{
    public string Get() => NakedCases.Canary;
}

internal sealed class NakedHub : Hub;

/// <summary>Asks for a requirement that everybody meets, in the one way that the framework's own check of forgotten middleware does not see.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequirementOnly : Attribute, IAuthorizationRequirementData
{
    public IEnumerable<IAuthorizationRequirement> GetRequirements() =>
        [new Microsoft.AspNetCore.Authorization.Infrastructure.AssertionRequirement(_ => true)];
}

internal sealed class HiddenDecision : IEndpointDecision
{
    public string Description => "hidden";

    string? IAuthorizeData.Policy
    {
        get => null;
        set => throw new NotSupportedException();
    }

    public Verdict<IEndpointDecision> Decide(HttpContext context) => Verdict.Accept<IEndpointDecision>(this);
}

internal sealed class OnePart(Type controller) : ApplicationPart, IApplicationPartTypeProvider
{
    public override string Name => controller.Name;

    public IEnumerable<TypeInfo> Types => [controller.GetTypeInfo()];
}

internal sealed class OneController : IApplicationFeatureProvider<ControllerFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        foreach (var type in parts.OfType<IApplicationPartTypeProvider>().SelectMany(part => part.Types))
        {
            feature.Controllers.Add(type);
        }
    }
}
