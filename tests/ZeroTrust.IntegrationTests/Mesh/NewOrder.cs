namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>What a user asks for; a tenant in it is what an attacker would add.</summary>
internal sealed record NewOrder(string Product, string? Owner = null);
