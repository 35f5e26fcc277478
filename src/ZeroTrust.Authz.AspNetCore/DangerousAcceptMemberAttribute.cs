namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// Answers for one member of a model: it is named like the route value whose tenant the endpoint compares, the caller fills it in, and it
/// is something else than the tenant of the call. Or, with <c>TryParse</c> or <c>BindAsync</c> as the member, for that method of the type
/// of a parameter, and with <c>JsonConverter</c>, <c>IXmlSerializable</c> or <c>ISerializable</c> for the application's code that reads the
/// type out of a body. For an action, a controller, a page, a handler or, through <c>WithMetadata</c>, any endpoint; without it the host
/// does not start.
/// </summary>
/// <remarks>
/// It is logged as a warning at start, counted by <c>zerotrust.weakenings</c> and shown by <c>/healthz/details</c>. Where it answers for
/// nothing the host does not start: on a controller or a group, where no endpoint of it needs it.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class DangerousAcceptMemberAttribute : Attribute
{
    /// <summary>Answers for the member.</summary>
    /// <param name="model">The type that has it.</param>
    /// <param name="member">Its name in the type.</param>
    /// <param name="reason">Why it cannot be taken for the tenant of the call.</param>
    /// <exception cref="ArgumentException"><paramref name="member"/> or <paramref name="reason"/> is empty.</exception>
    public DangerousAcceptMemberAttribute(Type model, string member, string reason)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(member);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        (Model, Member, Reason) = (model, member, reason);
    }

    /// <summary>The type that has the member.</summary>
    public Type Model { get; }

    /// <summary>The name of the member in its type.</summary>
    public string Member { get; }

    /// <summary>Why it cannot be taken for the tenant of the call.</summary>
    public string Reason { get; }
}
