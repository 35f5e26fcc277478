using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Stands before the delegate of one endpoint: it runs when its decision accepted the call, however the call got here.</summary>
internal sealed class EndpointGate
{
    private readonly EndpointJudge _judge;
    private readonly RequestDelegate _run;
    private readonly bool _hasFurtherPolicies;
    private readonly IEndpointDecision? _decision;

    public EndpointGate(EndpointJudge judge, Endpoint endpoint)
    {
        _judge = judge;
        _run = endpoint.RequestDelegate!;
        _decision = endpoint.Metadata.GetMetadata<IEndpointDecision>();
        _hasFurtherPolicies = endpoint.Metadata.Any(item =>
            item is AuthorizationPolicy or IAuthorizationRequirementData || (item is IAuthorizeData && item is not IEndpointDecision));
        Guarded = endpoint is RouteEndpoint route
            ? new RouteEndpoint(RunAsync, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(RunAsync, endpoint.Metadata, endpoint.DisplayName);
    }

    /// <summary>The endpoint to be set in place of the one it was made of.</summary>
    public Endpoint Guarded { get; }

    public bool IsOf(EndpointJudge judge, Endpoint endpoint) => ReferenceEquals(judge, _judge) && ReferenceEquals(endpoint, Guarded);

    private Task RunAsync(HttpContext context)
    {
        var call = GuardedCall.Of(context);
        if (call?.Has(Guarded, CallProofs.Admitted | CallProofs.OnListener) == true)
        {
            return _decision?.DecideAgain(context) is { } changed ? _judge.RefuseAsync(context, changed) : _run(context);
        }

        if (_judge.Judge(context, call, Guarded, _hasFurtherPolicies) is { } rejection)
        {
            return _judge.RefuseAsync(context, rejection);
        }

        call!.Admit(Guarded);
        return _run(context);
    }
}
