using System.Text.Json;

namespace ZeroTrust.Authz.Internal;

/// <summary>What a link says: exactly these claims, each present once.</summary>
internal sealed record LinkClaims(string Previous, WorkloadId To, PermissionSet Scope, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    internal static LinkClaims? Read(JsonElement root) =>
        root.HasExactly("prv", "to", "scope", "iat", "exp")
        && root.Text("prv") is { Length: > 0 } previous
        && WorkloadId.TryParse(root.Text("to"), out var to)
        && PermissionSet.TryParse(root.Text("scope"), out var scope)
        && root.Time("iat") is { } issuedAt
        && root.Time("exp") is { } expiresAt
            ? new LinkClaims(previous, to, scope, issuedAt, expiresAt)
            : null;

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("prv", Previous);
        writer.WriteString("to", To.ToString());
        writer.WriteString("scope", Scope.ToString());
        writer.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        writer.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
    }
}
