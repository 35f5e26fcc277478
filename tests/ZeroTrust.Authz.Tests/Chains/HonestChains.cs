using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>Draws contexts as honest workloads hand them on.</summary>
internal sealed class HonestChains(ChainWorld world, Dice dice)
{
    public Presentation Draw()
    {
        var minter = dice.OneIn(4) ? world.Batch : world.Gateway;
        var grant = world.Grants[minter.Id];
        var root = new Token
        {
            IsRoot = true,
            Signer = minter,
            Issuer = minter.Id,
            Requester = minter.Id,
            Audience = TestMesh.Domain,
            Tenant = dice.Pick(grant.Tenants),
            Subject = grant.Kind == SubjectKind.System ? "system:" + minter.Id : "idp/" + dice.Pick("alice", "bob", "carol"),
            Scope = Subset(grant.Permissions),
            IssuedAt = world.Now - dice.Below(40),
            ExpiresAt = world.Now + 20 + dice.Below(60),
        };
        var links = new List<Token>();
        var holder = minter;
        for (var hops = 1 + dice.Below(4); hops > 0; hops--)
        {
            links.Add(Link(links.Count == 0 ? root : links[^1], holder, Other(holder)));
            holder = Holder(links[^1]);
        }

        return new Presentation(root, links, [], links[^1].Signer, holder).Certified();
    }

    /// <summary>A link as an honest holder signs it.</summary>
    public Token Link(Token before, Actor holder, Actor to) => new()
    {
        Signer = holder,
        Previous = before,
        To = to.Id,
        Scope = dice.OneIn(2) ? before.Scope : Subset(before.Scope),
        IssuedAt = world.Now - dice.Below(5),
        ExpiresAt = Math.Min(before.ExpiresAt - dice.Below(3), holder.NotAfter.ToUnixTimeSeconds()),
    };

    public Actor Other(params IEnumerable<Actor> than) => dice.Pick([.. world.Actors.Except(than)]);

    public Actor Holder(Token link) => world.Actors.Single(actor => actor.Id == link.To);

    private string[] Subset(IEnumerable<string> of) => [.. of.Where(_ => !dice.OneIn(4))];
}
