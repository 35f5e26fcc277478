namespace ZeroTrust.Testing;

/// <summary>The context a test asks for.</summary>
internal sealed record TestContextRequest(string? Minter, TimeSpan Lifetime, TenantId Tenant, SubjectId Subject, PermissionSet Permissions);
