using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.AspNetCore.Diagnostics;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// What applications answer for by <see cref="DangerousAcceptMemberAttribute"/>: logs and counts each, and finds what answers for nothing.
/// </summary>
internal sealed class AcceptedMembers(ContextMetrics metrics, ILogger<AcceptedMembers> logger) : IWeakeningSource
{
    private readonly Lock _telling = new();
    private bool _isObserved;
    private volatile Weakening[] _weakenings = [];

    public IReadOnlyCollection<Weakening> Weakenings => _weakenings;

    /// <summary>The answers that no endpoint needs.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="needed">
    /// The answers that were asked for: one on a controller or a group is there for all of its endpoints, and for those that need it.
    /// </param>
    public static IEnumerable<(string? Endpoint, string Fault)> FindFaults(
        IEnumerable<Endpoint> endpoints, IEnumerable<DangerousAcceptMemberAttribute> needed) =>
        endpoints.SelectMany(endpoint => AnswersOf(endpoint).Select(answer => (Endpoint: endpoint, Answer: answer)))
            .ExceptBy(needed, found => found.Answer, ReferenceEqualityComparer.Instance)
            .Select(found => (found.Endpoint.DisplayName ?? found.Endpoint.ToString(), Describe(found.Answer)));

    /// <summary>Logs those that are not known yet, and counts them from then on.</summary>
    public void Tell(IEnumerable<Endpoint> endpoints)
    {
        lock (_telling)
        {
            Weakening[] found = [.. endpoints.SelectMany(AnswersOf)
                .Select(answer => new Weakening($"authz.accept_member:{answer.Model}.{answer.Member}", answer.Reason)).Except(_weakenings)];
            foreach (var weakening in found)
            {
                Log.EndpointCheckWeakened(logger, weakening.Name, weakening.Reason);
            }

            _weakenings = [.. _weakenings, .. found];
            if (!_isObserved)
            {
                _isObserved = true;
                metrics.ObserveWeakenings(this);
            }
        }
    }

    private static IReadOnlyList<DangerousAcceptMemberAttribute> AnswersOf(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<DangerousAcceptMemberAttribute>();

    private static string Describe(DangerousAcceptMemberAttribute answer) =>
        $"has [DangerousAcceptMember(typeof({answer.Model}), \"{answer.Member}\")], which answers for nothing: no model of a "
        + "handler whose route value is compared has such a member. Take it away, or name the type and the member "
        + "as the refusal without it does.";
}
