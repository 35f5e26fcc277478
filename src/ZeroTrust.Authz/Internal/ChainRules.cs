using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Rules 2 to 5 of the context token, in their order.</summary>
internal sealed class ChainRules(PeerVerifier peers, MintGrants grants, TrustDomain ownDomain)
{
    private const int MaxKnownSigners = 1024;

    private readonly KnownSigners _known = new(peers, MaxKnownSigners);

    internal Verdict<VerifiedChain> Verify(ReceivedChain chain, DateTimeOffset now)
    {
        if (!VerifySigners(chain).TryGet(out var signers, out var rejection)
            || (rejection = CheckRoot(chain.Root, signers[chain.Root.Signer]) ?? CheckTimes(chain.Root.Claims, now)) is not null)
        {
            return rejection;
        }

        return Follow(chain, signers, now);
    }

    // Rule 2
    private Verdict<Dictionary<string, Signer>> VerifySigners(ReceivedChain chain)
    {
        var names = chain.Links.Select(link => link.Signer).Prepend(chain.Root.Signer).ToHashSet(StringComparer.Ordinal);
        var beside = chain.Certificates.Where(certificate => !names.Contains(certificate.Key)).ToList();
        var intermediates = beside.ConvertAll(certificate => (ReadOnlyMemory<byte>)certificate.Value);
        var besideNames = string.Join(TxnToken.Separator, beside.Select(certificate => certificate.Key));
        var signers = new Dictionary<string, Signer>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!chain.Certificates.TryGetValue(name, out var leaf))
            {
                return AuthzRejections.Refuse(AuthzRejectionReason.SignerCertificateMissing, "A signature names a certificate that was not sent.");
            }

            var signer = _known.Find((name, besideNames));
            if (signer is null)
            {
                if (!VerifySigner(leaf, intermediates).TryGet(out signer, out var rejection))
                {
                    return rejection;
                }

                _known.Add((name, besideNames), signer);
            }

            signers.Add(name, signer);
        }

        return signers;
    }

    private Verdict<Signer> VerifySigner(byte[] leaf, List<ReadOnlyMemory<byte>> intermediates)
    {
        if (!PeerCertificates.Create(leaf, intermediates).TryGet(out var certificates, out var rejection)
            || !peers.Verify(certificates, PeerRole.Client).TryGet(out var peer, out rejection))
        {
            return Untrusted(rejection);
        }

        if (peer.Workload is not { IsDefault: false } workload)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.SignerUnnamed, "A signer's certificate has neither a SPIFFE ID nor a single DNS name.");
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(peer.LeafDer.Span);
            return JwsKey.FromCertificate(certificate).TryGet(out var key, out rejection)
                ? new Signer(peer, workload, key)
                : Untrusted(rejection);
        }
        catch (CryptographicException exception)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.SignerUntrusted, exception.Message);
        }
    }

    // The peer of the connection was accepted; a refusal here has to read as one of a signer, except for an outage.
    internal static Rejection Untrusted(Rejection cause) =>
        cause.Kind == RejectionKind.Unavailable
            ? cause
            : AuthzRejections.Refuse(AuthzRejectionReason.SignerUntrusted, $"A signer's certificate is refused: {cause}", cause.Expected, cause.Presented);

    // Rule 3
    private Rejection? CheckRoot(ParsedToken<RootClaims> root, Signer signer)
    {
        if (!root.Jws.Verify(signer.Key).TryGet(out _, out var rejection) || !grants.Find(signer.Workload).TryGet(out var grant, out rejection))
        {
            return rejection;
        }

        var claims = root.Claims;
        if (grant.Check(claims.Tenant, claims.Subject, claims.Scope, claims.ExpiresAt - claims.IssuedAt) is { } refusal)
        {
            return refusal;
        }

        var name = signer.Workload.ToString();
        if (claims.Issuer != name)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.IssuerMismatch, "The issuer is not the signer.", name, claims.Issuer);
        }

        return claims.Requester == signer.Workload
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.RequesterMismatch, "The first holder is not the signer.", name, claims.Requester.ToString());
    }

    // Rule 4
    private Rejection? CheckTimes(RootClaims claims, DateTimeOffset now)
    {
        if (claims.Audience != ownDomain.ToString())
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.AudienceMismatch, "The context is for another trust domain.", ownDomain.ToString(), claims.Audience);
        }

        var lifetime = claims.ExpiresAt - claims.IssuedAt;
        return CheckTimes(claims.IssuedAt, claims.ExpiresAt, now)
            ?? (lifetime > TimeSpan.Zero && lifetime <= TxnToken.MaxLifetime
                ? null
                : AuthzRejections.Refuse(AuthzRejectionReason.LifetimeRefused, $"The root lasts {lifetime}."));
    }

    internal static Rejection? CheckTimes(DateTimeOffset issuedAt, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (issuedAt > now + TxnToken.ClockSkew)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.NotYetValid, $"Issued at {issuedAt:O}, it is {now:O}.");
        }

        return now < expiresAt + TxnToken.ClockSkew
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"Ended at {expiresAt:O}, it is {now:O}.");
    }

    // Rule 5
    private static Verdict<VerifiedChain> Follow(ReceivedChain chain, Dictionary<string, Signer> signers, DateTimeOffset now)
    {
        var root = chain.Root.Claims;
        var callChain = new List<WorkloadId>(chain.Links.Count + 1) { root.Requester };
        var (previous, scope, expiresAt) = (chain.Root.Compact, root.Scope, root.ExpiresAt);
        foreach (var link in chain.Links)
        {
            var signer = signers[link.Signer];
            if (CheckLink(link, signer, callChain[^1], previous, scope, expiresAt) is { } refusal)
            {
                return refusal;
            }

            if (CheckTimes(link.Claims.IssuedAt, link.Claims.ExpiresAt, now) is { } late)
            {
                return late;
            }

            callChain.Add(link.Claims.To);
            (previous, scope, expiresAt) = (link.Compact, link.Claims.Scope, link.Claims.ExpiresAt);
        }

        var context = new AuthzContext(root.Tenant, root.Subject, scope, root.TransactionId, callChain.AsReadOnly(), expiresAt, chain.Wire);
        return new VerifiedChain(context, callChain[^1], signers[chain.Links[^1].Signer].Workload, [.. signers.Values.Select(signer => signer.Peer)]);
    }

    private static Rejection? CheckLink(ParsedToken<LinkClaims> link, Signer signer, WorkloadId holder, string previous, PermissionSet scope, DateTimeOffset expiresAt)
    {
        if (!link.Jws.Verify(signer.Key).TryGet(out _, out var rejection))
        {
            return rejection;
        }

        if (signer.Workload != holder)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.LinkSignerMismatch, "The link is not signed by the holder.", holder.ToString(), signer.Workload.ToString());
        }

        if (link.Claims.Previous != TxnToken.HashOf(previous))
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ChainBroken, "The link does not follow the token before it.");
        }

        if (!link.Claims.Scope.IsSubsetOf(scope))
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ScopeWidened, "The link widens the permissions.", scope.ToString(), link.Claims.Scope.ToString());
        }

        if (link.Claims.ExpiresAt > expiresAt)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.LinkExpiryExtended, $"The link ends at {link.Claims.ExpiresAt:O}, the token before it at {expiresAt:O}.");
        }

        return link.Claims.ExpiresAt <= signer.Peer.NotAfter
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.LinkOutlivesSigner, $"The link ends at {link.Claims.ExpiresAt:O}, its signer's certificate at {signer.Peer.NotAfter:O}.");
    }
}
