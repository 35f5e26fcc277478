namespace ZeroTrust.AspNetCore;

/// <summary>Endpoint metadata: the listeners an endpoint may be reached on. Absent means edge and mesh.</summary>
public interface IListenerRoleMetadata
{
    /// <summary>The roles. On a listener of any other role the endpoint answers 404.</summary>
    ListenerRoles Roles { get; }
}
