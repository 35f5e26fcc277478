using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>The signing identity of the current credential; made anew when the credential is replaced.</summary>
internal sealed class SigningIdentitySource(IPeerCredentialSource credentials)
{
    private SigningIdentity? _current;

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
}
