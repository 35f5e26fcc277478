using System.Text.Json.Nodes;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Vectors;

internal sealed partial class VectorBook
{
    private void Accepted()
    {
        Accept("one-link", "The least: a root and a link to who receives it.", Root());
        AcceptedChains();
        AcceptedSigners();
        AcceptedTimes();
        AcceptedSpellings();
    }

    private void AcceptedChains()
    {
        var root = Root();
        var first = Link(root, to: Billing);
        var second = Link(first, signer: "billing", to: VectorPki.Id("audit"));
        var third = Link(second, signer: "audit", to: VectorPki.Id("archive"));
        Accept("two-links", "Handed on once.", root, [first, Link(first, signer: "billing")], ["gateway", "billing"], "billing");
        Accept(
            "four-links", "The longest chain.", root, [first, second, third, Link(third, signer: "archive")],
            ["gateway", "billing", "audit", "archive"], "archive");
        Accept(
            "certificates-in-any-order", "An intermediate before its leaf, the last signer first.", root,
            [first, second, Link(second, signer: "audit")], [], "audit",
            certs: string.Join('~', CertsOf("gateway", "billing", "audit").Split('~').Reverse()));
        var back = Link(first, signer: "billing", to: Gateway);
        Accept("held-twice", "A workload may hold it twice.", root, [first, back, Link(back)], ["gateway", "billing"], "gateway");
        Accept("narrowed", "A link keeps some permissions.", root, Link(root, claims => claims["scope"] = "orders:read"));
        Accept("narrowed-to-none", "A link keeps none.", root, Link(root, claims => claims["scope"] = ""));
        Accept(
            "scope-in-any-order", "The same permissions in another order.", root,
            Link(root, claims => claims["scope"] = "orders:write orders:read"));
        var none = Root(claims => claims["scope"] = "");
        Accept("no-permission", "An empty scope is none.", none, Link(none, claims => claims["scope"] = ""));
        Accept(
            "certificate-beside", "A certificate that no token names need not be valid.", root, [Link(root)], ["gateway", "expired"],
            "gateway");
    }

    private void AcceptedSigners()
    {
        var system = Root(
            claims => (claims["sub"], claims["scope"], claims["exp"]) = ("system:" + VectorPki.Id("batch"), "invoice:read", Seconds + 60),
            "batch");
        Accept(
            "system-subject", "A workload that acts for itself, behind an intermediate.", system,
            Link(system, claims => (claims["scope"], claims["exp"]) = ("invoice:read", Seconds + 60), "batch"), "batch");
        Accept("rsa", "PS256: an RSA leaf.", Root(signer: "rsa"), signer: "rsa");
        Accept("p384", "ES384: a P-384 leaf.", Root(signer: "p384"), signer: "p384");
        Accept("constrained", "A CA with name constraints, and a leaf within them.", Root(signer: "constrained"), signer: "constrained");
        Accept("dns-minter", "A leaf with one DNS name, in lower case whatever the leaf writes.", Root(signer: "ledger"), signer: "ledger");
        var toLedger = Root();
        Accept(
            "dns-receiver", "Handed to a workload with a DNS name.", toLedger, [Link(toLedger, to: VectorPki.Id("ledger"))], ["gateway"],
            "gateway", "ledger");
        var ending = Root(claims => claims["exp"] = Seconds + 60);
        var toEnding = Link(ending, claims => claims["exp"] = Seconds + 60, to: VectorPki.Id("ending"));
        Accept(
            "until-the-certificate-ends", "exp of a link is the very end of its signer's certificate.", ending,
            [toEnding, Link(toEnding, claims => claims["exp"] = Seconds + 60, "ending")], ["gateway", "ending"], "ending");
        var service = pki.ServiceRoot(ServiceClaims());
        Accept(
            "token-service", "A root of a token service, by kid; its first holder is billing.", service, Link(service, signer: "billing"),
            "billing");
        var rsa = pki.ServiceRsaRoot(ServiceClaims(), JwsAlgorithms.PS256);
        Accept(
            "token-service-rsa", "An RSA key of a token service that states no algorithm is for PS256.", rsa, Link(rsa, signer: "billing"),
            "billing");
    }

    private void AcceptedTimes()
    {
        Accept("issued-5-s-ahead", "iat is now + 5 s.", Root(claims => (claims["iat"], claims["exp"]) = (Seconds + 5, Seconds + 125)));
        var old = Root(claims => (claims["iat"], claims["exp"]) = (Seconds - 60, Seconds - 4));
        Accept(
            "ended-4-s-ago", "exp of root and link are now - 4 s.", old,
            Link(old, claims => (claims["iat"], claims["exp"]) = (Seconds - 60, Seconds - 4)));
        var root = Root();
        Accept(
            "link-5-s-before-root", "The clocks of two workloads differ by 5 s.", root, Link(root, claims => claims["iat"] = Seconds - 5));
        Accept("link-5-s-ahead", "iat of the link is now + 5 s.", root, Link(root, claims => claims["iat"] = Seconds + 5));
        Accept("link-of-one-second", "exp is iat + 1.", root, Link(root, claims => claims["exp"] = Seconds + 1));
    }

    private void AcceptedSpellings()
    {
        var json = Forge.RootClaims(Now).ToJsonString();
        var spaced = Forge.Token(pki["gateway"], "txntoken+jwt", " " + json.Replace(",\"", " ,\n\t\"", StringComparison.Ordinal) + "\r\n");
        Accept("white-space", "White space between the members of the claims.", spaced);
        var escaped = Forge.Token(
            pki["gateway"], "txntoken+jwt",
            json.Replace(
                "\"idp/alice\"", "\"idp\\/\\u0061lice\"",
                StringComparison.Ordinal).Replace("\"txn\"", "\"\\u0074xn\"", StringComparison.Ordinal));
        Accept("escapes", "Names and values are compared after their escapes are read.", escaped);
        var header = Forge.Header(pki["gateway"], "txntoken+jwt");
        var turned = new JsonObject(header.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        Accept(
            "header-in-any-order", "The parameters of the header in another order.",
            Forge.Token(pki["gateway"], turned, Forge.RootClaims(Now)));
        Accept("longest-subject", "A subject of 256 characters.", Root(claims => claims["sub"] = "idp/" + new string('a', 252)));
        Accept(
            "longest-tenant", "A tenant of 128 characters, under a grant for every tenant.",
            Root(claims => claims["tctx"]!["tenant_id"] = new string('a', 128), "p384"), signer: "p384");
        Accept(
            "user-without-issuer", "That a user has an issuer in front is for the minter to see to.",
            Root(claims => claims["sub"] = "alice"));
        Accept("system-in-capitals", "system: is written in lower case; this is a user.", Root(claims => claims["sub"] = "System:alice"));
    }

    private static JsonObject ServiceClaims()
    {
        var claims = Forge.RootClaims(Now, Billing);
        claims["iss"] = VectorPki.Issuer;
        return claims;
    }
}
