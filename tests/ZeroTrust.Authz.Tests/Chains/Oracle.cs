namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>
/// Says what a receiver may believe, from what really happened: who signed which token and what it says. It reads no bytes and shares no code with the
/// verifier.
/// </summary>
internal sealed class Oracle(ChainWorld world)
{
    public bool IsHonest(Presentation shown) =>
        shown.Links.Count is >= 1 and <= 4
        && shown.Headers is var headers && headers.Token.Length + headers.Chain.Length + headers.Certs.Length <= 8192
        && shown.Certificates.Distinct(StringComparer.Ordinal).Count() == shown.Certificates.Count
        && shown.Tokens.All(token => IsGenuine(token, shown))
        && IsGranted(shown.Root)
        && IsFollowed(shown)
        && shown.Last.To == shown.Receiver.Id
        && shown.Last.Signer.Id == shown.Sender.Id;

    private bool IsGenuine(Token token, Presentation shown) =>
        token.Altered is null
        && (token.Named is null || ReferenceEquals(token.Named, token.Signer))
        && token.Signer.IsTrusted
        && shown.Denied.All(denied => denied.Id != token.Signer.Id)
        && token.Signer.Certificates.All(shown.Certificates.Contains)
        && token.IssuedAt <= world.Now + 5
        && world.Now < token.ExpiresAt + 5;

    private bool IsGranted(Token root) =>
        root.IsRoot
        && root.Audience == TestMesh.Domain
        && root.Issuer == root.Signer.Id
        && root.Requester == root.Signer.Id
        && root.ExpiresAt - root.IssuedAt is > 0 and <= 120
        && world.Grants.TryGetValue(root.Signer.Id, out var grant)
        && grant.Tenants.Contains(root.Tenant)
        && grant.Kind == (root.Subject.StartsWith("system:", StringComparison.Ordinal) ? SubjectKind.System : SubjectKind.User)
        && (grant.Kind != SubjectKind.System || root.Subject == "system:" + root.Signer.Id)
        && root.Scope.All(grant.Permissions.Contains);

    private static bool IsFollowed(Presentation shown)
    {
        var (before, holder) = (shown.Root, shown.Root.Requester);
        foreach (var link in shown.Links)
        {
            if (link.IsRoot
                || link.Signer.Id != holder
                || !ReferenceEquals(link.Previous, before)
                || !link.Scope.All(before.Scope.Contains)
                || link.ExpiresAt > before.ExpiresAt
                || link.ExpiresAt > link.Signer.NotAfter.ToUnixTimeSeconds())
            {
                return false;
            }

            (before, holder) = (link, link.To);
        }

        return true;
    }
}
