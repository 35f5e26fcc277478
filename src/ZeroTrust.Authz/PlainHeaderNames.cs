namespace ZeroTrust.Authz;

/// <summary>The headers other systems carry an identity in, unsigned. They are removed from every call, and believed only from the peers that <see cref="AuthzDangers.AcceptPlainHeaders"/> names.</summary>
public static class PlainHeaderNames
{
    /// <summary>A tenant.</summary>
    public const string Tenant = "X-Tenant-ID";

    /// <summary>A subject.</summary>
    public const string Subject = "X-Subject-ID";

    /// <summary>Permissions.</summary>
    public const string Permissions = "X-Permissions";
}
