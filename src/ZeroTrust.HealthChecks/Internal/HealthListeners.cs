using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Where one method of the health service is; the methods of a gRPC service share everything else.</summary>
internal sealed class HealthListeners(ListenerRoles roles) : IListenerRoleMetadata
{
    public ListenerRoles Roles { get; } = roles;
}
