using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>The signing identity of the current credential; made anew when the credential is replaced.</summary>
internal sealed class SigningIdentitySource(IPeerCredentialSource credentials)
{
    private SigningIdentity? _current;

    internal static Rejection Expired(DateTimeOffset notAfter) =>
        AuthzRejections.Refuse(AuthzRejectionReason.OwnCertificateExpired, $"The certificate of this workload ended at {notAfter:O}.");

    private static Rejection NotYetValid(DateTimeOffset notBefore, DateTimeOffset now) => AuthzRejections.Refuse(
        AuthzRejectionReason.OwnCertificateExpired,
        $"The certificate of this workload is not yet valid: it begins at {notBefore:O}, and the clock of this host is at {now:O}.");

    internal Verdict<SigningIdentity> Get()
    {
        if ((credentials as IWatchedSource)?.CheckStaleness() is { } stale)
        {
            return stale;
        }

        var credential = credentials.GetCredential();
        var current = Volatile.Read(ref _current);
        if (current is null || !ReferenceEquals(current.Credential, credential))
        {
            // The one replaced may still be signing elsewhere; its key handle goes with the garbage collector.
            current = new SigningIdentity(credential);
            Volatile.Write(ref _current, current);
        }

        return current.Workload.IsDefault
            ? AuthzRejections.Refuse(AuthzRejectionReason.OwnWorkloadUnnamed, "The own certificate has neither a SPIFFE ID nor a single DNS name.")
            : current;
    }

    /// <summary>The same, to sign with at a time: a signature outside of the certificate's life proves nothing to anybody.</summary>
    internal Verdict<SigningIdentity> Get(DateTimeOffset now)
    {
        if (!Get().TryGet(out var own, out var rejection))
        {
            return rejection;
        }

        if (own.NotAfter <= now)
        {
            return Expired(own.NotAfter);
        }

        return own.NotBefore - TxnToken.ClockSkew > now ? NotYetValid(own.NotBefore, now) : own;
    }
}
