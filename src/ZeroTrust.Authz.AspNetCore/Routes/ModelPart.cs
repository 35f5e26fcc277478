namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>A member of a model that the caller fills in, or whose own members the caller does.</summary>
/// <param name="Name">Its name in the type.</param>
/// <param name="Names">What the caller may call it; none where the value itself is not the caller's.</param>
/// <param name="Type">Its type.</param>
/// <param name="Declarer">The type that declares it.</param>
/// <param name="Readers">What fills its own members in.</param>
internal sealed record ModelPart(string Name, IReadOnlyList<string> Names, Type Type, Type Declarer, IReadOnlyList<ModelReader> Readers)
{
    /// <summary>The route value that it is bound from, and from nowhere else; null for others.</summary>
    public string? RouteName { get; init; }

    /// <summary>Whether the caller fills it in by the name of the route value, from elsewhere than the route.</summary>
    public bool IsCalled(string routeValue) =>
        !Routes.Names.AreEqual(RouteName, routeValue)
        && Names.Any(name => Routes.Names.AreEqual(Plain(name), Plain(routeValue)));

    // Naming policies write TenantId as tenant_id or tenant-id.
    private static string Plain(string name) =>
        name.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
}
