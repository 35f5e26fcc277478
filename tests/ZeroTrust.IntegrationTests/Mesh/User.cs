namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Someone the issuer vouches for.</summary>
internal sealed record User(string Name, string Tenant, params string[] Permissions);
