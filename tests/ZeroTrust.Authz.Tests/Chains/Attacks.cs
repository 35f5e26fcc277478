using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>What can be done to a context by who saw it, holds it, or owns the key of one of its workloads. Some of it is their right; the oracle knows.</summary>
internal sealed class Attacks(ChainWorld world, HonestChains honest, Dice dice)
{
    public IReadOnlyList<(string Name, Func<Presentation, Presentation> Apply)> All => [
        ("none", shown => shown),
        ("strip the last link", shown => FromHolder(shown with { Links = [.. shown.Links.SkipLast(1)] })),
        ("strip the first link", shown => shown with { Links = [.. shown.Links.Skip(1)] }),
        ("strip a link", shown => Without(shown, dice.Below(shown.Links.Count))),
        ("root alone", shown => shown with { Links = [] }),
        ("splice a link of another chain", Splice),
        ("splice the root of another chain", shown => (shown with { Root = honest.Draw().Root }).Certified()),
        ("reorder", Reorder),
        ("repeat a link", shown => shown with { Links = [.. shown.Links, dice.Pick(shown.Links)] }),
        ("widen as the last holder", shown => ReSignLast(shown, link => link with { Scope = [.. link.Scope.Append("orders:read").Append("audit:read").Distinct(StringComparer.Ordinal)] })),
        ("widen and keep what follows", shown => ReSign(shown, dice.Below(shown.Links.Count), link => link with { Scope = ChainWorld.Permissions })),
        ("widen the root", shown => shown with { Root = shown.Root.With(root => root with { Scope = [.. root.Scope, "orders:delete"] }) }),
        ("lengthen a link", shown => ReSignLast(shown, link => link with { ExpiresAt = link.ExpiresAt + 1 + dice.Below(200) })),
        ("address to somebody else", shown => ReSignLast(shown, link => link with { To = honest.Other().Id })),
        ("claim another predecessor", shown => ReSignLast(shown, link => link with { Previous = honest.Draw().Root })),
        ("truncate", shown => Corrupt(shown, text => text[..^(1 + dice.Below(8))])),
        ("change a character", shown => Corrupt(shown, Flip)),
        ("another payload under the signature", ExchangePayload),
        ("leave a certificate out", LeaveOut),
        ("repeat a certificate", shown => shown with { Certificates = [.. shown.Certificates, dice.Pick(shown.Certificates)] }),
        ("add a certificate of somebody else", shown => shown with { Certificates = [.. shown.Certificates.Concat(honest.Other().Certificates).Distinct(StringComparer.Ordinal)] }),
        ("reorder the certificates", shown => shown with { Certificates = [.. shown.Certificates.Reverse()] }),
        ("name the certificate of somebody else", shown => ReSign(shown, dice.Below(shown.Links.Count), link => link with { Named = honest.Other(link.Signer) }).Certified()),
        ("a stranger with the minter's name", shown => (shown with { Root = shown.Root.With(root => root with { Signer = world.Stranger }) }).Certified()),
        ("replay over another connection", shown => shown with { Sender = honest.Other(shown.Sender) }),
        ("replay to another receiver", shown => shown with { Receiver = honest.Other(shown.Receiver) }),
        ("replay to oneself", shown => shown with { Sender = shown.Receiver, Receiver = shown.Sender }),
        ("link a captured context", shown => Append(shown, honest.Other(shown.Receiver))),
        ("link one's own context", shown => Append(shown, shown.Receiver)),
        ("mint without a grant", shown => Mint(shown, honest.Other(world.Gateway, world.Batch))),
        ("mint beyond the grant", shown => Mint(shown, world.Batch)),
        ("mint in another's name", shown => Rooted(shown, root => root with { Issuer = honest.Other().Id, Requester = dice.OneIn(2) ? root.Requester : honest.Other().Id })),
        ("mint for another trust domain", shown => Rooted(shown, root => root with { Audience = "other.test" })),
        ("mint for another tenant", shown => Rooted(shown, root => root with { Tenant = dice.Pick("acme", "globex", "initech") })),
        ("mint for another kind of subject", shown => Rooted(shown, root => root with { Subject = dice.Pick("idp/alice", "system:job") })),
        ("mint for another workload", shown => Rooted(shown, root => root with { Subject = "system:" + honest.Other().Id })),
        ("mint for too long", shown => Rooted(shown, root => root with { IssuedAt = world.Now, ExpiresAt = world.Now + 110 + dice.Below(20) })),
        ("present too late", shown => Later(shown, -10 - dice.Below(100))),
        ("present too early", shown => Later(shown, dice.Below(12))),
        ("a signer denied since", shown => shown with { Denied = [dice.Pick([.. shown.Tokens]).Signer] }),
        ("somebody else denied since", shown => shown with { Denied = [honest.Other([.. shown.Tokens.Select(token => token.Signer)])] }),
    ];

    // The last holder of what is left presents it.
    private static Presentation FromHolder(Presentation shown) => (shown with { Sender = shown.Last.Signer }).Certified();

    private static Presentation Without(Presentation shown, int index) => shown with { Links = [.. shown.Links.Where((_, i) => i != index)] };

    private static Presentation ReSign(Presentation shown, int index, Func<Token, Token> change) =>
        shown with { Links = [.. shown.Links.Select((link, i) => i == index ? link.With(change) : link)] };

    private static Presentation ReSignLast(Presentation shown, Func<Token, Token> change) => ReSign(shown, shown.Links.Count - 1, change);

    private Presentation Splice(Presentation shown)
    {
        var other = dice.Pick(honest.Draw().Links);
        var index = dice.Below(shown.Links.Count);
        return (shown with { Links = [.. shown.Links.Select((link, i) => i == index ? other : link)] }).Certified();
    }

    private Presentation LeaveOut(Presentation shown)
    {
        var index = dice.Below(shown.Certificates.Count);
        return shown with { Certificates = [.. shown.Certificates.Where((_, i) => i != index)] };
    }

    private Presentation Reorder(Presentation shown)
    {
        var links = shown.Links.ToArray();
        dice.Shuffle(links);
        return shown with { Links = links };
    }

    private Presentation Append(Presentation shown, Actor thief)
    {
        var receiver = honest.Other(thief);
        return (shown with { Links = [.. shown.Links, honest.Link(shown.Last, thief, receiver)], Sender = thief, Receiver = receiver }).Certified();
    }

    private Presentation Mint(Presentation shown, Actor minter)
    {
        var root = shown.Root.With(root => root with { Signer = minter, Issuer = minter.Id, Requester = minter.Id });
        var receiver = honest.Other(minter);
        return new Presentation(root, [honest.Link(root, minter, receiver)], [], minter, receiver).Certified();
    }

    // The same minter, and everybody after it, sign what the minter says now.
    private Presentation Rooted(Presentation shown, Func<Token, Token> change)
    {
        var root = shown.Root.With(change);
        var links = new List<Token>();
        foreach (var link in shown.Links)
        {
            var before = links.Count == 0 ? root : links[^1];
            links.Add(link.With(item => item with { Previous = before }));
        }

        return shown with { Root = root, Links = links };
    }

    private Presentation Later(Presentation shown, int seconds)
    {
        var shifted = Rooted(shown, root => root with { IssuedAt = root.IssuedAt + seconds, ExpiresAt = root.ExpiresAt + seconds });
        var links = new List<Token>();
        foreach (var link in shifted.Links)
        {
            var before = links.Count == 0 ? shifted.Root : links[^1];
            links.Add(link.With(item => item with { Previous = before, IssuedAt = item.IssuedAt + seconds, ExpiresAt = Math.Min(item.ExpiresAt + seconds, item.Signer.NotAfter.ToUnixTimeSeconds()) }));
        }

        return shifted with { Links = links };
    }

    private Presentation Corrupt(Presentation shown, Func<string, string> how)
    {
        var index = dice.Below(shown.Links.Count + 1) - 1;
        return index < 0
            ? shown with { Root = shown.Root with { Altered = how(shown.Root.Compact) } }
            : shown with { Links = [.. shown.Links.Select((link, i) => i == index ? link with { Altered = how(link.Compact) } : link)] };
    }

    private string Flip(string text)
    {
        var index = dice.Below(text.Length);
        var other = text[index] == 'A' ? 'B' : 'A';
        return text[..index] + other + text[(index + 1)..];
    }

    private Presentation ExchangePayload(Presentation shown)
    {
        var payload = shown.Root.With(root => root with { Tenant = root.Tenant == "acme" ? "globex" : "acme" }).Compact.Split('.')[1];
        var parts = shown.Root.Compact.Split('.');
        return shown with { Root = shown.Root with { Altered = $"{parts[0]}.{payload}.{parts[2]}" } };
    }
}
