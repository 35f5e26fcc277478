namespace ZeroTrust.AspNetCore.Internal;

internal sealed class ListenerRoleMetadata(ListenerRoles roles) : IListenerRoleMetadata
{
    public ListenerRoles Roles { get; } = roles;

    public override string ToString() => $"Listeners: {Roles}";
}
