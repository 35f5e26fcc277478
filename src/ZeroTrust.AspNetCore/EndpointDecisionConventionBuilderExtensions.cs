using Microsoft.AspNetCore.Builder;
using ZeroTrust.AspNetCore;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust;

/// <summary>The endpoint decisions that need no authorization context.</summary>
public static class EndpointDecisionConventionBuilderExtensions
{
    /// <summary>Lets everyone who can reach the listener call the endpoint.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="reason">Why that is safe; shown in listings and logs.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is empty.</exception>
    /// <remarks>No identity is checked here. On mesh and management listeners the peer is still verified.</remarks>
    public static TBuilder AllowPublic<TBuilder>(this TBuilder builder, string reason)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowPublicAttribute(reason));

    /// <summary>Lets only these verified peers call the endpoint; no context is asked for.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="workloads">Workload ids; none means every peer the listener admits.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">A workload id is malformed.</exception>
    public static TBuilder RequirePeer<TBuilder>(this TBuilder builder, params string[] workloads)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequirePeerAttribute(workloads));

    /// <summary>Names the listeners the endpoint may be reached on; on others it answers 404.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="roles">The roles. Without this call an endpoint is on edge and mesh.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder OnListeners<TBuilder>(this TBuilder builder, ListenerRoles roles)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ListenerRoleMetadata(roles));
}
