using System.Security.Claims;
using System.Text.Json;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>Reads the claims of a token whose signature has verified (RFC 7519, RFC 9068 section 4).</summary>
internal static class AccessTokenClaims
{
    // The last second of the year 9999.
    private const double MaxNumericDate = 253_402_300_799;

    public static Verdict<VerifiedAccessToken> Read(JsonElement root, OidcIssuer issuer, string exactIssuer, DateTimeOffset now)
    {
        if (!root.TryGetProperty("iss", out var iss) || iss.ValueKind != JsonValueKind.String || iss.GetString() != exactIssuer)
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.IssuerUnknown, "The iss is not the issuer as it spells itself.", exactIssuer, iss.ToString());
        }

        // RFC 7800 section 3.1: whatever the member, only the holder of its key may use the token. Unverified, anybody could.
        if (root.TryGetProperty("cnf", out var confirmation))
        {
            return OidcRejections.Refuse(
                OidcRejectionReason.TokenSenderConstrained, "The token is bound to a key, which is not verified here.", expected: null, confirmation.ToString());
        }

        if (CheckAudience(root, issuer) is { } otherAudience)
        {
            return otherAudience;
        }

        if (CheckTimes(root, issuer, now, out var expiresAt) is { } otherTime)
        {
            return otherTime;
        }

        if (!Text(root, "sub", out var sub, out var refusal) || !Text(root, issuer.TenantClaim, out var tenantText, out refusal))
        {
            return refusal!;
        }

        if (!SubjectId.TryParse($"{issuer.Name}/{sub}", out var subject))
        {
            return Invalid("sub", sub);
        }

        if (!TenantId.TryParse(tenantText, out var tenant))
        {
            return Invalid(issuer.TenantClaim, tenantText);
        }

        return TryReadPermissions(root, issuer.PermissionsClaim, out var permissions)
            ? new VerifiedAccessToken(exactIssuer, tenant, subject, permissions, expiresAt, [.. ToClaims(root, exactIssuer)])
            : Invalid(issuer.PermissionsClaim, root.GetProperty(issuer.PermissionsClaim).ToString());
    }

    private static Rejection? CheckAudience(JsonElement root, OidcIssuer issuer)
    {
        if (!root.TryGetProperty("aud", out var aud))
        {
            return Missing("aud");
        }

        var named = aud.ValueKind switch
        {
            JsonValueKind.String => aud.GetString() == issuer.Audience,
            JsonValueKind.Array => aud.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == issuer.Audience),
            _ => false,
        };
        return named
            ? null
            : OidcRejections.Refuse(OidcRejectionReason.AudienceMismatch, "The token is for another audience.", issuer.Audience, aud.ToString());
    }

    private static Rejection? CheckTimes(JsonElement root, OidcIssuer issuer, DateTimeOffset now, out DateTimeOffset expiresAt)
    {
        expiresAt = default;
        if (!root.TryGetProperty("exp", out _))
        {
            return Missing("exp");
        }

        if (!TryReadDate(root, "exp", out var exp) || !TryReadDate(root, "nbf", out var nbf) || !TryReadDate(root, "iat", out var iat))
        {
            return OidcRejections.Refuse(OidcRejectionReason.TokenMalformed, "A time claim is not a NumericDate.");
        }

        expiresAt = exp!.Value;
        if (now - issuer.ClockSkew >= expiresAt)
        {
            return At(OidcRejectionReason.TokenExpired, "The token has expired.", expiresAt);
        }

        if (nbf is { } notBefore && notBefore > now + issuer.ClockSkew)
        {
            return At(OidcRejectionReason.TokenNotYetValid, "The token is not valid yet.", notBefore);
        }

        return iat is { } issuedAt && issuedAt > now + issuer.ClockSkew
            ? At(OidcRejectionReason.TokenNotYetValid, "The token was issued in the future.", issuedAt)
            : null;
    }

    // Absent is well formed; what has to be there is asked for by name.
    private static bool TryReadDate(JsonElement root, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!root.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds is not (>= 0 and <= MaxNumericDate))
        {
            return false;
        }

        date = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static bool TryReadPermissions(JsonElement root, string name, out PermissionSet permissions)
    {
        permissions = PermissionSet.Empty;
        if (!root.TryGetProperty(name, out var value))
        {
            return true;
        }

        PermissionSet? read = null;
        var wellFormed = value.ValueKind switch
        {
            JsonValueKind.String => PermissionSet.TryParse(value.GetString(), out read),
            JsonValueKind.Array => value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                && PermissionSet.TryCreate(value.EnumerateArray().Select(item => item.GetString()!), out read),
            _ => false,
        };
        permissions = read ?? PermissionSet.Empty;
        return wellFormed;
    }

    private static bool Text(JsonElement root, string name, out string text, out Rejection? rejection)
    {
        text = "";
        rejection = null;
        if (!root.TryGetProperty(name, out var value))
        {
            rejection = Missing(name);
            return false;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            rejection = Invalid(name, value.ToString());
            return false;
        }

        text = value.GetString()!;
        return true;
    }

    private static IEnumerable<Claim> ToClaims(JsonElement root, string issuer)
    {
        foreach (var member in root.EnumerateObject())
        {
            var values = member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().ToArray() : [member.Value];
            foreach (var value in values)
            {
                yield return value.ValueKind == JsonValueKind.String
                    ? new Claim(member.Name, value.GetString()!, ClaimValueTypes.String, issuer)
                    : new Claim(member.Name, value.GetRawText(), TypeOf(value), issuer);
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => ClaimValueTypes.Boolean,
        JsonValueKind.Number => value.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double,
        _ => "JSON",
    };

    private static Rejection Missing(string name) =>
        OidcRejections.Refuse(OidcRejectionReason.ClaimMissing, $"The token has no '{name}'.");

    private static Rejection Invalid(string name, string presented) => OidcRejections.Refuse(
        OidcRejectionReason.ClaimInvalid, $"The claim '{name}' is not of the form the context takes.", expected: null, presented);

    private static Rejection At(OidcRejectionReason reason, string detail, DateTimeOffset at)
    {
        var plain = OidcRejections.Refuse(reason, detail);
        return new Rejection(plain.Code, plain.Detail, plain.Kind) { At = at };
    }
}
