using System.Security.Cryptography;
using System.Text.Json;

namespace ZeroTrust.Authz.Internal;

/// <summary>What a link says: exactly these claims, each present once.</summary>
internal sealed record LinkClaims(string Previous, WorkloadId To, PermissionSet Scope, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    internal const string PreviousRule = "43 characters of base64url without padding (the SHA-256 of the preceding token)";

    internal static LinkClaims? Read(ClaimReader link) =>
        link.HasExactly("prv", "to", "scope", "iat", "exp")
        && link.Base64Url("prv", SHA256.HashSizeInBytes, PreviousRule, out var previous)
        && link.Require(WorkloadId.TryParse(link.Text("to"), out var to), "to", RootClaims.WorkloadRule)
        && link.Permissions("scope", RootClaims.ScopeRule, out var scope)
        && link.Time("iat", out var issuedAt)
        && link.Time("exp", out var expiresAt)
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
