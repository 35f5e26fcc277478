using System.Security.Cryptography;
using System.Text;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>A root or link as somebody made it: what it says, who really signed it, and whether it was touched since.</summary>
internal sealed record Token
{
    private string? _signed;

    public bool IsRoot { get; init; }

    /// <summary>Whose key signed it.</summary>
    public required Actor Signer { get; init; }

    /// <summary>Whose certificate the header names; the signer's own where it is honest.</summary>
    public Actor? Named { get; init; }

    public string[] Scope { get; init; } = [];

    public long IssuedAt { get; init; }

    public long ExpiresAt { get; init; }

    /// <summary>Root: the claims beside those above.</summary>
    public string Issuer { get; init; } = "";

    public string Requester { get; init; } = "";

    public string Audience { get; init; } = "";

    public string Tenant { get; init; } = "";

    public string Subject { get; init; } = "";

    /// <summary>Link: the token it says it follows, and the next holder.</summary>
    public Token? Previous { get; init; }

    public string To { get; init; } = "";

    /// <summary>What somebody made of the signed text; null where it is as it was signed.</summary>
    public string? Altered { get; init; }

    public string Compact => Altered ?? (_signed ??= Sign());

    /// <summary>Another token, made of this one: it is signed anew.</summary>
    public Token With(Func<Token, Token> change) => change(this) with { _signed = null };

    private string Sign()
    {
        var header = $$"""{"alg":"ES256","typ":"{{(IsRoot ? "txntoken+jwt" : "zt-link+jwt")}}","x5t#S256":"{{(Named ?? Signer).Name}}"}""";
        var input = Encode(header) + "." + Encode(IsRoot ? RootClaims() : LinkClaims());
        return input + "." + Signer.Sign(Encoding.ASCII.GetBytes(input));
    }

    private string RootClaims() =>
        $$$"""{"iss":"{{{Issuer}}}","iat":{{{IssuedAt}}},"exp":{{{ExpiresAt}}},"aud":"{{{Audience}}}","txn":"AAAAAAAAAAAAAAAAAAAAAA","sub":"{{{Subject}}}","scope":"{{{string.Join(' ', Scope)}}}","req_wl":"{{{Requester}}}","tctx":{"tenant_id":"{{{Tenant}}}"}}""";

    private string LinkClaims()
    {
        var previous = CanonicalBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Previous!.Compact)));
        return $$"""{"prv":"{{previous}}","to":"{{To}}","scope":"{{string.Join(' ', Scope)}}","iat":{{IssuedAt}},"exp":{{ExpiresAt}}}""";
    }

    private static string Encode(string text) => CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(text));
}
