using System.Text.Json;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>What a root token says: exactly these claims, each present once.</summary>
internal sealed record RootClaims(
    string Issuer,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    string Audience,
    string TransactionId,
    SubjectId Subject,
    PermissionSet Scope,
    WorkloadId Requester,
    TenantId Tenant)
{
    private const int TransactionIdBytes = 16;
    internal const int MaxNameLength = 2048;

    internal static RootClaims? Read(JsonElement root)
    {
        if (!root.HasExactly("iss", "iat", "exp", "aud", "txn", "sub", "scope", "req_wl", "tctx")
            || root.GetProperty("tctx") is not { ValueKind: JsonValueKind.Object } details
            || !details.HasExactly("tenant_id"))
        {
            return null;
        }

        return root.Text("iss") is { Length: > 0 and <= MaxNameLength } issuer
            && root.Time("iat") is { } issuedAt
            && root.Time("exp") is { } expiresAt
            && root.Text("aud") is { Length: > 0 and <= MaxNameLength } audience
            && root.Text("txn") is { } transactionId
            && CanonicalBase64Url.TryDecode(transactionId, out var bits) && bits.Length == TransactionIdBytes
            && SubjectId.TryParse(root.Text("sub"), out var subject)
            && PermissionSet.TryParse(root.Text("scope"), out var scope)
            && WorkloadId.TryParse(root.Text("req_wl"), out var requester)
            && TenantId.TryParse(details.Text("tenant_id"), out var tenant)
            ? new RootClaims(issuer, issuedAt, expiresAt, audience, transactionId, subject, scope, requester, tenant)
            : null;
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("iss", Issuer);
        writer.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        writer.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
        writer.WriteString("aud", Audience);
        writer.WriteString("txn", TransactionId);
        writer.WriteString("sub", Subject.ToString());
        writer.WriteString("scope", Scope.ToString());
        writer.WriteString("req_wl", Requester.ToString());
        writer.WriteStartObject("tctx");
        writer.WriteString("tenant_id", Tenant.ToString());
        writer.WriteEndObject();
    }
}
