using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Vectors;

internal sealed partial class VectorBook
{
    private void RefusedSigners()
    {
        var root = Root();
        Refuse(
            "certificate-not-sent", "The signer's certificate is not among those sent.", "authz.signer_certificate_missing", root,
            [Link(root)], ["billing"], "gateway");
        var header = Forge.Header(pki["gateway"], "txntoken+jwt");
        header["x5t#S256"] = Convert.ToHexStringLower(SHA256.HashData(pki["gateway"].Certificate.RawData));
        Refuse(
            "x5t-hex", "x5t#S256 is hexadecimal.", "authz.signer_certificate_missing",
            Forge.Token(pki["gateway"], header, Forge.RootClaims(Now)));
        header["x5t#S256"] = CanonicalBase64Url.Encode(new byte[20]);
        Refuse(
            "x5t-of-20-bytes", "x5t#S256 is as long as a SHA-1.", "authz.signer_certificate_missing",
            Forge.Token(pki["gateway"], header, Forge.RootClaims(Now)));
        foreach (var (name, about, cause) in new[]
        {
            ("strange", "A leaf of another CA with the name of the gateway.", "x509.untrusted_anchor"),
            ("expired", "A leaf that ended 6 s ago.", "x509.expired"),
            ("future", "A leaf that begins in 6 s.", "x509.not_yet_valid"),
            ("usage-not-critical", "The key usage is not critical.", "mtls.key_usage_invalid"),
            ("without-usage", "There is no key usage.", "mtls.key_usage_invalid"),
            ("client-only", "clientAuth without serverAuth, with a SPIFFE ID.", "mtls.extended_key_usage_incomplete"),
            ("server-only", "serverAuth without clientAuth.", "x509.extended_key_usage_missing"),
            ("long-lived", "A leaf of 25 hours.", "mtls.lifetime_too_long"),
            ("two-uris", "A SPIFFE ID and another URI.", "mtls.uri_name_count"),
            ("other-domain", "A leaf of a trust domain without anchors.", "mtls.trust_domain_unknown"),
            ("denied", "A workload on the deny-list.", "mtls.workload_denied"),
            ("constrained-outside", "A DNS name outside of what its CA may name.", "x509.name_constraint_violated"),
            ("constrained-excluded", "A DNS name that its CA may not name.", "x509.name_constraint_violated"),
        })
        {
            var by = Forge.Root(pki[name], Now);
            Refuse(
                $"signer-{name}", about, "authz.signer_untrusted", by, [Forge.Link(pki[name], Now, by, Orders)], [name], "gateway",
                cause: cause);
        }

        var behind = Root(claims => claims["sub"] = "system:" + VectorPki.Id("batch"), "batch");
        Refuse(
            "intermediate-not-sent", "The intermediate is missing.", "authz.signer_untrusted", behind, [Link(behind, signer: "batch")], [],
            "batch", certs: CertsOf("batch").Split('~')[0], cause: "x509.untrusted_anchor");
        Refuse(
            "no-certificate-beside", "What stands beside the leaf is no certificate.", "authz.signer_untrusted", root, [Link(root)], [],
            "gateway", certs: CertsOf("gateway") + "~AAAA", cause: "x509.malformed");
        var eleven = string.Join('~', Enumerable.Range(1, 11).Select(number => CanonicalBase64Url.Encode([(byte)number])));
        Refuse(
            "eleven-beside", "Eleven certificates beside the leaf.", "authz.signer_untrusted", root, [Link(root)], [], "gateway",
            certs: $"{CertsOf("gateway")}~{eleven}", cause: "mtls.too_large");
        var unnamed = Forge.Root(pki["unnamed"], Now);
        Refuse(
            "signer-unnamed", "A leaf with two DNS names.", "authz.signer_unnamed", unnamed,
            [Forge.Link(pki["unnamed"], Now, unnamed, Orders)], ["unnamed"], "gateway");
        var first = Link(root, to: Billing);
        Refuse(
            "second-signer-unknown", "The second of two signers is of another CA.", "authz.signer_untrusted", root,
            [first, Forge.Link(pki["strange"], Now, first, Orders)], ["gateway", "strange"], "gateway", cause: "x509.untrusted_anchor");
    }

    private void RefusedRoot()
    {
        var root = Root();
        var parts = root.Split('.');
        var other = Root(claims => claims["tctx"]!["tenant_id"] = "globex").Split('.');
        Refuse(
            "payload-exchanged", "The claims of another root of the same signer.", "jose.signature_invalid",
            $"{parts[0]}.{other[1]}.{parts[2]}");
        Refuse(
            "signed-by-another", "The header names the gateway's leaf, billing signed.", "jose.signature_invalid",
            Forge.Token(pki["billing"], Forge.Header(pki["gateway"], "txntoken+jwt"), Forge.RootClaims(Now)));
        using var key = pki["gateway"].Certificate.GetECDsaPrivateKey()!;
        var der = key.SignData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Refuse(
            "signature-der", "The signature is in DER.", "jose.signature_invalid",
            $"{parts[0]}.{parts[1]}.{CanonicalBase64Url.Encode(der)}");
        Refuse(
            "signature-zero", "R and S are zero (CVE-2022-21449).", "jose.signature_invalid",
            $"{parts[0]}.{parts[1]}.{CanonicalBase64Url.Encode(new byte[64])}");
        Header("alg-of-another-curve", "alg ES384 with a P-256 leaf.", "jose.algorithm_mismatch", header => header["alg"] = "ES384");
        Header("alg-of-rsa", "alg RS256 with a P-256 leaf.", "jose.algorithm_mismatch", header => header["alg"] = "RS256");
        var rsa = Forge.Header(pki["rsa"], "txntoken+jwt");
        rsa["alg"] = "RS256";
        Refuse("rsa-rs256", "RS256 with an RSA leaf, signed so.", "jose.algorithm_mismatch", Signed(rsa), signer: "rsa");
        RefusedGrants();
        RefusedServices();

        string Signed(JsonObject header)
        {
            using var rsaKey = pki["rsa"].Certificate.GetRSAPrivateKey()!;
            var input = $"{Encode(header.ToJsonString())}.{Encode(Forge.RootClaims(Now, VectorPki.Id("rsa")).ToJsonString())}";
            var signature = rsaKey.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{input}.{CanonicalBase64Url.Encode(signature)}";
        }
    }

    private void RefusedGrants()
    {
        Refuse("no-grant", "Billing may not mint.", "authz.mint_grant_missing", Root(signer: "billing"), signer: "billing");
        Refuse(
            "tenant-not-granted", "A tenant that the grant does not name.", "authz.mint_tenant_not_granted",
            Root(claims => claims["tctx"]!["tenant_id"] = "initech"));
        Refuse(
            "kind-not-granted", "The gateway may mint for users, not for itself.", "authz.mint_subject_kind_not_granted",
            Root(claims => claims["sub"] = "system:" + Gateway));
        Refuse(
            "user-not-granted", "Batch may mint for itself, not for users.", "authz.mint_subject_kind_not_granted",
            Root(claims => claims["exp"] = Seconds + 60, "batch"), signer: "batch");
        Refuse(
            "subject-not-granted", "Batch mints in the name of the gateway.", "authz.mint_subject_not_granted",
            Root(claims => (claims["sub"], claims["exp"]) = ("system:" + Gateway, Seconds + 60), "batch"), signer: "batch");
        Refuse(
            "permission-not-granted", "A permission above the ceiling.", "authz.mint_permission_not_granted",
            Root(claims => claims["scope"] = "orders:read orders:delete"));
        Refuse(
            "lifetime-not-granted", "61 s where the grant allows 60.", "authz.mint_lifetime_not_granted",
            Root(claims => (claims["sub"], claims["exp"]) = ("system:" + VectorPki.Id("batch"), Seconds + 61), "batch"), signer: "batch");
        Refuse("issuer-another", "iss is not the signer.", "authz.issuer_mismatch", Root(claims => claims["iss"] = Billing));
        Refuse("issuer-bare", "iss is the name without spiffe://.", "authz.issuer_mismatch", Root(claims => claims["iss"] = "gateway"));
        Refuse("requester-another", "req_wl is not the signer.", "authz.requester_mismatch", Root(claims => claims["req_wl"] = Billing));
    }

    private void RefusedServices()
    {
        Service(
            "token-service-unknown", "iss is no token service.", "authz.token_service_unknown",
            claims => claims["iss"] = "https://others.example.test");
        Service(
            "token-service-workload", "iss is a workload, the header has a kid.", "authz.token_service_unknown",
            claims => claims["iss"] = Gateway);
        Service(
            "token-service-tenant", "A tenant that the service's grant does not name.", "authz.mint_tenant_not_granted",
            claims => claims["tctx"]!["tenant_id"] = "globex");
        var root = pki.ServiceRoot(ServiceClaims(), "2026-05");
        Refuse(
            "token-service-key", "A kid that is not in the service's set.", "authz.token_service_key_unknown", root,
            Link(root, signer: "billing"), "billing");
        var genuine = pki.ServiceRoot(ServiceClaims()).Split('.');
        var forged = $"{genuine[0]}.{genuine[1]}.{Root().Split('.')[2]}";
        Refuse("token-service-forged", "Another key signed.", "jose.signature_invalid", forged, Link(forged, signer: "billing"), "billing");

        void Service(string name, string about, string code, Action<JsonObject> change)
        {
            var claims = ServiceClaims();
            change(claims);
            var token = pki.ServiceRoot(claims);
            Refuse(name, about, code, token, Link(token, signer: "billing"), "billing");
        }
    }

    private void RefusedTimes()
    {
        Refuse("audience-another", "aud is another trust domain.", "authz.audience_mismatch", Root(claims => claims["aud"] = "other.test"));
        Refuse(
            "audience-spiffe", "aud with spiffe:// in front.", "authz.audience_mismatch",
            Root(claims => claims["aud"] = "spiffe://example.test"));
        Refuse(
            "issued-6-s-ahead", "iat is now + 6 s.", "authz.not_yet_valid",
            Root(claims => (claims["iat"], claims["exp"]) = (Seconds + 6, Seconds + 120)));
        Refuse(
            "ended-5-s-ago", "exp is now - 5 s.", "authz.expired",
            Root(claims => (claims["iat"], claims["exp"]) = (Seconds - 60, Seconds - 5)));
        Refuse("lifetime-none", "exp is iat.", "authz.lifetime_refused", Root(claims => claims["exp"] = Seconds));
        Refuse(
            "milliseconds", "Times in milliseconds.", "authz.token_malformed",
            Root(claims => (claims["iat"], claims["exp"]) = (Seconds * 1000, (Seconds * 1000) + 120)));
        var service = ServiceClaims();
        service["iat"] = Seconds - 1;
        var root = pki.ServiceRoot(service);
        Refuse(
            "lifetime-121-s", "121 s, above every grant.", "authz.mint_lifetime_not_granted", root, Link(root, signer: "billing"),
            "billing");
    }

    private void RefusedLinks()
    {
        var root = Root();
        var first = Link(root, to: Billing);
        var parts = Link(root).Split('.');
        Refuse(
            "link-altered", "The signature of another link.", "jose.signature_invalid", root,
            $"{parts[0]}.{parts[1]}.{first.Split('.')[2]}");
        Refuse(
            "link-by-another", "Billing signs the first link.", "authz.link_signer_mismatch", root, [Link(root, signer: "billing")],
            ["gateway", "billing"], "billing");
        Refuse(
            "link-dropped", "The link to billing is left out.", "authz.link_signer_mismatch", root, [Link(first, signer: "billing")],
            ["gateway", "billing"], "billing");
        Refuse(
            "links-exchanged", "The second link stands first.", "authz.link_signer_mismatch", root, [Link(first, signer: "billing"), first],
            ["gateway", "billing"], "billing");
        Refuse(
            "prv-of-claims", "prv is the hash of the claims alone.", "authz.chain_broken", root,
            Link(root, claims => claims["prv"] = CanonicalBase64Url.Encode(SHA256.HashData(Decode(root.Split('.')[1])))));
        Refuse(
            "prv-without-signature", "prv is the hash without the signature.", "authz.chain_broken", root,
            Link(root, claims => claims["prv"] = Forge.HashOf(root[..root.LastIndexOf('.')])));
        Refuse(
            "root-exchanged", "The link follows another root.", "authz.chain_broken", root,
            Link(Root(claims => claims["sub"] = "idp/bob")));
        Refuse(
            "prv-of-root", "The second link follows the root.", "authz.chain_broken", root, [first, Link(root, signer: "billing")],
            ["gateway", "billing"], "billing");
        Refuse(
            "scope-widened", "A link adds a permission.", "authz.scope_widened", root,
            Link(root, claims => claims["scope"] = "orders:read orders:write invoice:read"));
        var narrow = Link(root, claims => claims["scope"] = "orders:read", to: Billing);
        Refuse(
            "scope-back", "The second link takes back what the first gave up.", "authz.scope_widened", root,
            [narrow, Link(narrow, signer: "billing")], ["gateway", "billing"], "billing");
        Refuse(
            "exp-extended", "A link ends a second after its root.", "authz.link_expiry_extended", root,
            Link(root, claims => claims["exp"] = Seconds + 121));
        var toEnding = Link(root, to: VectorPki.Id("ending"));
        Refuse(
            "exp-after-certificate", "A link ends a second after its signer's certificate.", "authz.link_outlives_signer", root,
            [toEnding, Link(toEnding, claims => claims["exp"] = Seconds + 61, "ending")], ["gateway", "ending"], "ending");
        Refuse(
            "link-6-s-ahead", "iat of the link is now + 6 s.", "authz.not_yet_valid", root,
            Link(root, claims => claims["iat"] = Seconds + 6));
        var older = Root(claims => (claims["iat"], claims["exp"]) = (Seconds - 60, Seconds + 60));
        Refuse(
            "link-ended-5-s-ago", "exp of the link is now - 5 s.", "authz.expired", older,
            Link(older, claims => (claims["iat"], claims["exp"]) = (Seconds - 60, Seconds - 5)));
        Refuse(
            "link-6-s-before-root", "iat of the link is 6 s before that of the root.", "authz.lifetime_refused", root,
            Link(root, claims => claims["iat"] = Seconds - 6));
        Refuse("link-iat-zero", "iat of the link is 0.", "authz.lifetime_refused", root, Link(root, claims => claims["iat"] = 0));
        Refuse(
            "link-lifetime-none", "exp of the link is its iat.", "authz.lifetime_refused", root,
            Link(root, claims => claims["exp"] = Seconds));
    }

    private void RefusedEnds()
    {
        var root = Root();
        var first = Link(root, to: Billing);
        Refuse("handed-to-another", "The link is to billing, orders receives it.", "authz.not_addressed_here", root, first);
        Refuse("last-link-stripped", "The last link is left out.", "authz.not_addressed_here", root, [first], ["gateway"], "billing");
        Refuse("captured", "Audit sends what the gateway signed.", "authz.sender_mismatch", root, [Link(root)], ["gateway"], "audit");
        Refuse(
            "relayed", "The gateway sends what billing signed last.", "authz.sender_mismatch", root,
            [first, Link(first, signer: "billing")], ["gateway", "billing"], "gateway");
    }
}
