using Microsoft.AspNetCore.Routing.Patterns;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The route value that an endpoint compares, and what its application answers for.</summary>
internal sealed class TenantRoute(string value, IReadOnlyList<DangerousAcceptMemberAttribute> answers, RoutePattern? pattern = null)
{
    // By reference: one on a controller is the same for its actions, and attributes are equal by what they say.
    private readonly HashSet<DangerousAcceptMemberAttribute> _accepted = new(ReferenceEqualityComparer.Instance);

    public string Value => value;

    /// <summary>The answers that were asked for: without them the endpoint would be refused.</summary>
    public IReadOnlyCollection<DangerousAcceptMemberAttribute> Accepted => _accepted;

    /// <summary>
    /// Whether a model of this name may be bound from route values that have its name in front: its members then are, too, and not from the
    /// route value that was compared.
    /// </summary>
    public bool HasPrefix(string model) => pattern is null
        || pattern.Parameters.Select(parameter => parameter.Name).Concat(pattern.Defaults.Keys).Concat(pattern.RequiredValues.Keys)
            .Any(name => Names.AreEqual(name, model)
                || name.StartsWith(model + ".", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(model + "[", StringComparison.OrdinalIgnoreCase));

    public bool Accepts(Type type, string member)
    {
        var answer = answers.FirstOrDefault(answer => answer.Model == type
            && string.Equals(answer.Member, member, StringComparison.Ordinal));
        if (answer is not null)
        {
            _accepted.Add(answer);
        }

        return answer is not null;
    }
}
