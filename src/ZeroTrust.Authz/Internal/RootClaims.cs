using System.Text.Json;

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
    internal const int MaxNameLength = 2048;
    internal const string ScopeRule = "at most 64 permissions, [a-z0-9][a-z0-9._:-]{0,63}, each once, one space between two";
    internal const string WorkloadRule = "a workload id, spiffe://domain/path or dns:name in lower case";
    internal const string SubjectRule = "[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}";
    internal const string TenantRule = "[a-z0-9][a-z0-9._-]{0,127}";
    private const int TransactionIdBytes = 16;
    private const string NameRule = "a string of 1 to 2048 characters";
    private const string AudienceRule = "the name of the trust domain, as one string of at most 2048 characters";
    private const string TransactionIdRule = "22 characters of base64url without padding (16 bytes)";

    internal static RootClaims? Read(ClaimReader root) =>
        root.HasExactly("iss", "iat", "exp", "aud", "txn", "sub", "scope", "req_wl", "tctx")
        && root.Object("tctx", "tenant_id") is { } details
        && root.Text("iss") is var issuer && root.Require(issuer is { Length: > 0 and <= MaxNameLength }, "iss", NameRule)
        && root.Time("iat", out var issuedAt)
        && root.Time("exp", out var expiresAt)
        && root.Text("aud") is var audience && root.Require(audience is { Length: > 0 and <= MaxNameLength }, "aud", AudienceRule)
        && root.Base64Url("txn", TransactionIdBytes, TransactionIdRule, out var transactionId)
        && root.Require(SubjectId.TryParse(root.Text("sub"), out var subject), "sub", SubjectRule)
        && root.Permissions("scope", ScopeRule, out var scope)
        && root.Require(WorkloadId.TryParse(root.Text("req_wl"), out var requester), "req_wl", WorkloadRule)
        && root.Keep(details, details.Require(TenantId.TryParse(details.Text("tenant_id"), out var tenant), "tenant_id", TenantRule))
            ? new RootClaims(issuer!, issuedAt, expiresAt, audience!, transactionId, subject, scope, requester, tenant)
            : null;

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
