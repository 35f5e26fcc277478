using System.Security.Cryptography;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>Someone the issuer knows: signs in with the client-credentials grant.</summary>
internal sealed record User(string Name, string Tenant, string Permissions)
{
    public static readonly User Alice = new("alice", "acme", "orders:read orders:write invoice:write");
    public static readonly User Bob = new("bob", "globex", "orders:read orders:write invoice:write");
    public static readonly User Carol = new("carol", "acme", "orders:read");

    public static IReadOnlyList<User> All { get; } = [Alice, Bob, Carol];

    public string Secret { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);
}
