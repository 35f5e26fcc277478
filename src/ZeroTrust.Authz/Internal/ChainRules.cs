using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Rules 2 to 4 of the context token, in their order.</summary>
internal sealed class ChainRules(PeerVerifier peers, MintGrants grants, ITokenServiceKeySource keys, TrustDomain ownDomain)
{
    private const int MaxKnownSigners = 1024;

    private readonly KnownSigners _known = new(peers, MaxKnownSigners);

    internal Verdict<VerifiedChain> Verify(ReceivedChain chain, DateTimeOffset now)
    {
        if (!VerifySigners(chain).TryGet(out var signers, out var rejection))
        {
            return rejection;
        }

        ServiceKeys? service = null;
        rejection = chain.Root.Certificate is { } certificate ? CheckRoot(chain.Root, signers[certificate]) : CheckServiceRoot(chain.Root, out service);
        return (rejection ?? CheckTimes(chain.Root.Claims, now)) is { } refusal
            ? TxnToken.At(TxnToken.RootPlace, refusal)
            : LinkRules.Follow(chain, signers, service, now);
    }

    /// <summary>Rules 1, 3 and 4 for the root of a token service in the hands of its first holder, who was asked for nothing else.</summary>
    internal Verdict<AuthzContext> Redeem(string token, WorkloadId own, DateTimeOffset now)
    {
        if (!TxnToken.ParseRoot(token).TryGet(out var root, out var rejection))
        {
            return rejection;
        }

        if (root.Certificate is not null)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.TokenHeaderRefused, "A root that a workload signed is handed on with a link, never alone.");
        }

        if ((CheckServiceRoot(root, out _) ?? CheckTimes(root.Claims, now)) is { } refusal)
        {
            return TxnToken.At(TxnToken.RootPlace, refusal);
        }

        var claims = root.Claims;
        return claims.Requester == own
            ? new AuthzContext(claims.Tenant, claims.Subject, claims.Scope, claims.TransactionId, [own], claims.ExpiresAt, new ContextWire(token, [], []))
            : AuthzRejections.Refuse(
                AuthzRejectionReason.RequesterMismatch, "req_wl is another workload.", own.ToString(), claims.Requester.ToString());
    }

    /// <summary>Whether the keys a root was verified with are still those of its service.</summary>
    internal bool IsCurrent(ServiceKeys? service) => service is null || (ReferenceEquals(keys.GetKeys(service.Issuer), service.Keys) && CheckStaleness(service.Issuer) is null);

    // Rule 2
    private Verdict<Dictionary<string, Signer>> VerifySigners(ReceivedChain chain)
    {
        var names = chain.Links.Select(link => link.Certificate).Prepend(chain.Root.Certificate).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var beside = chain.Certificates.Where(certificate => !names.Contains(certificate.Key)).ToList();
        var intermediates = beside.ConvertAll(certificate => (ReadOnlyMemory<byte>)certificate.Value);
        var besideNames = string.Join(TxnToken.Separator, beside.Select(certificate => certificate.Key));
        var signers = new Dictionary<string, Signer>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!chain.Certificates.TryGetValue(name, out var leaf))
            {
                return AuthzRejections.Refuse(
                    AuthzRejectionReason.SignerCertificateMissing,
                    $"{PlaceOf(chain, name)}: x5t#S256 names none of the {chain.Certificates.Count} certificates sent. "
                        + $"Wanted is base64url of the SHA-256 of the DER, 43 characters; found are {name.Length}.");
            }

            var signer = _known.Find((name, besideNames));
            if (signer is null)
            {
                if (!VerifySigner(leaf, intermediates).TryGet(out signer, out var rejection))
                {
                    return TxnToken.At(PlaceOf(chain, name), rejection);
                }

                _known.Add((name, besideNames), signer);
            }

            signers.Add(name, signer);
        }

        return signers;
    }

    // The first token that the signer signed.
    private static string PlaceOf(ReceivedChain chain, string certificate)
    {
        for (var i = 0; chain.Root.Certificate != certificate && i < chain.Links.Count; i++)
        {
            if (chain.Links[i].Certificate == certificate)
            {
                return TxnToken.LinkPlace(i, chain.Links.Count);
            }
        }

        return TxnToken.RootPlace;
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
        if (grant.Check(claims.Tenant, claims.Subject, claims.Requester, claims.Scope, claims.ExpiresAt - claims.IssuedAt) is { } refusal)
        {
            return refusal;
        }

        var name = signer.Workload.ToString();
        if (claims.Issuer != name)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.IssuerMismatch, "iss is not the signer.", name, claims.Issuer);
        }

        return claims.Requester == signer.Workload
            ? null
            : AuthzRejections.Refuse(
                AuthzRejectionReason.RequesterMismatch, "req_wl is not the signer.", name, claims.Requester.ToString());
    }

    // Rule 3, where the service authenticated req_wl. The key comes from this issuer's own set and never from another's.
    private Rejection? CheckServiceRoot(ParsedToken<RootClaims> root, out ServiceKeys? service)
    {
        service = null;
        var claims = root.Claims;
        if (!grants.FindService(claims.Issuer).TryGet(out var grant, out var rejection))
        {
            return rejection;
        }

        if (CheckStaleness(claims.Issuer) is { } stale)
        {
            return stale;
        }

        if (keys.GetKeys(claims.Issuer) is not { } current)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.TokenServiceKeysUnavailable, "The keys of the token service were never read.", expected: null, claims.Issuer);
        }

        if (current.Find(root.Jws.Header) is not { } key)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.TokenServiceKeyUnknown, "kid: the token service has no such key for this alg in its set.", expected: null,
                root.Jws.Header.KeyId);
        }

        if (!root.Jws.Verify(key).TryGet(out _, out rejection))
        {
            return rejection;
        }

        service = new ServiceKeys(claims.Issuer, current);
        return grant.Check(claims.Tenant, claims.Subject, claims.Requester, claims.Scope, claims.ExpiresAt - claims.IssuedAt);
    }

    private Rejection? CheckStaleness(string issuer) =>
        keys is FileTokenServiceKeySource files ? files.CheckStaleness(issuer) : (keys as IWatchedSource)?.CheckStaleness();

    // Rule 4
    private Rejection? CheckTimes(RootClaims claims, DateTimeOffset now)
    {
        if (claims.Audience != ownDomain.ToString())
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.AudienceMismatch, "aud is another trust domain; wanted is the bare name of this one, without spiffe:// in front.", ownDomain.ToString(), claims.Audience);
        }

        var lifetime = claims.ExpiresAt - claims.IssuedAt;
        return CheckTimes(claims.IssuedAt, claims.ExpiresAt, now)
            ?? (lifetime > TimeSpan.Zero && lifetime <= TxnToken.MaxLifetime
                ? null
                : AuthzRejections.Refuse(
                    AuthzRejectionReason.LifetimeRefused,
                    $"exp is {lifetime} after iat; wanted are at most {TxnToken.MaxLifetime}, and more than none."));
    }

    internal static Rejection? CheckTimes(DateTimeOffset issuedAt, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (issuedAt > now + TxnToken.ClockSkew)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.NotYetValid, $"iat is {issuedAt:O}, it is {now:O}.");
        }

        return now < expiresAt + TxnToken.ClockSkew
            ? null
            : AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"exp is {expiresAt:O}, it is {now:O}.");
    }
}
