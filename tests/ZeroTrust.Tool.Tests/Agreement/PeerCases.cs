using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>
/// Peers by what is wrong with their leaf, their authority and what they send beside it: each alone, and pairs drawn from a seed.
/// </summary>
internal sealed class PeerCases(CaseWorld world)
{
    private const string Gateway = "spiffe://example.test/gateway";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const int MaxPairs = 1000;

    private readonly Dictionary<string, Action<Draft>> _leaves = new(StringComparer.Ordinal)
    {
        ["good"] = _ => { },
        ["expired"] = leaf => (leaf.NotBefore, leaf.NotAfter) = (TimeProvider.System.GetUtcNow().AddHours(-3), TimeProvider.System.GetUtcNow().AddMinutes(-10)),
        ["not yet valid"] = leaf => (leaf.NotBefore, leaf.NotAfter) = (TimeProvider.System.GetUtcNow().AddMinutes(10), TimeProvider.System.GetUtcNow().AddHours(3)),
        ["lives two days"] = leaf => leaf.NotAfter = TimeProvider.System.GetUtcNow().AddDays(2),
        ["lives a day"] = leaf => leaf.NotAfter = leaf.NotBefore.AddDays(1),
        ["lives an hour"] = leaf => leaf.NotAfter = leaf.NotBefore.AddHours(1),
        ["usage not critical"] = leaf => leaf.SetUsage(X509KeyUsageFlags.DigitalSignature, critical: false),
        ["no usage"] = leaf => leaf.RemoveUsage(),
        ["signs certificates"] = leaf => leaf.SetUsage(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign),
        ["signs CRLs"] = leaf => leaf.SetUsage(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign),
        ["enciphers keys"] = leaf => leaf.SetUsage(X509KeyUsageFlags.KeyEncipherment),
        ["signs and enciphers"] = leaf => leaf.SetUsage(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment),
        ["no purposes"] = leaf => leaf.RemovePurposes(),
        ["for clients"] = leaf => leaf.SetPurposes(ClientAuth),
        ["for servers"] = leaf => leaf.SetPurposes(ServerAuth),
        ["for any purpose"] = leaf => leaf.SetPurposes("2.5.29.37.0"),
        ["for both and mail"] = leaf => leaf.SetPurposes(ServerAuth, ClientAuth, "1.3.6.1.5.5.7.3.4"),
        ["for mail"] = leaf => leaf.SetPurposes("1.3.6.1.5.5.7.3.4"),
        ["a CA"] = leaf => leaf.SetConstraints(isCa: true, pathLength: null),
        ["a path length and no CA"] = leaf => leaf.SetRaw("2.5.29.19", critical: true, [0x30, 0x03, 0x02, 0x01, 0x00]),
        ["no constraints"] = leaf => leaf.RemoveConstraints(),
        ["constraints not critical"] = leaf => leaf.SetConstraints(isCa: false, pathLength: null, critical: false),
        ["of an unknown trust domain"] = leaf => leaf.SetNames(false, (6, "spiffe://unknown.test/gateway")),
        ["of another trust domain"] = leaf => leaf.SetNames(false, (6, "spiffe://crl.test/gateway")),
        ["not listed"] = leaf => leaf.SetNames(false, (6, "spiffe://example.test/gatewya")),
        ["denied by name"] = leaf => leaf.SetNames(false, (6, "spiffe://example.test/denied")),
        ["denied by serial"] = leaf => leaf.Serial = [0x51, 0x52, 0x53, 0x54],
        ["a proxy"] = leaf => leaf.SetNames(false, (6, "spiffe://example.test/proxy")),
        ["a trust domain's own id"] = leaf => leaf.SetNames(false, (6, "spiffe://example.test")),
        ["upper-case trust domain"] = leaf => leaf.SetNames(false, (6, "spiffe://Example.test/gateway")),
        ["upper-case scheme"] = leaf => leaf.SetNames(false, (6, "SPIFFE://example.test/gateway")),
        ["query in the id"] = leaf => leaf.SetNames(false, (6, Gateway + "?x=1")),
        ["slash behind the id"] = leaf => leaf.SetNames(false, (6, Gateway + "/")),
        ["two ids"] = leaf => leaf.SetNames(false, (6, Gateway), (6, "spiffe://example.test/billing")),
        ["an id and a URL"] = leaf => leaf.SetNames(false, (6, Gateway), (6, "https://example.test/gateway")),
        ["a URL"] = leaf => leaf.SetNames(false, (6, "https://example.test/gateway")),
        ["no names"] = leaf => leaf.RemoveNames(),
        ["one DNS name"] = leaf => leaf.SetNames(false, (2, "gateway.example.test")),
        ["one DNS name in capitals"] = leaf => leaf.SetNames(false, (2, "Gateway.Example.Test")),
        ["another DNS name"] = leaf => leaf.SetNames(false, (2, "billing.example.test")),
        ["two DNS names"] = leaf => leaf.SetNames(false, (2, "gateway.example.test"), (2, "billing.example.test")),
        ["a wildcard"] = leaf => leaf.SetNames(false, (2, "*.example.test")),
        ["an address"] = leaf => leaf.SetNames(false, (7, "10.0.0.1")),
        ["an id and DNS names"] = leaf => leaf.SetNames(false, (6, Gateway), (2, "a.example.test"), (2, "b.example.test")),
        ["an id and an underscore"] = leaf => leaf.SetNames(false, (6, Gateway), (2, "a_b.example.test")),
        ["an id and a dot at the end"] = leaf => leaf.SetNames(false, (6, Gateway), (2, "a.example.test.")),
        ["an underscore"] = leaf => leaf.SetNames(false, (2, "a_b.example.test")),
        ["an id and a mailbox"] = leaf => leaf.SetNames(false, (6, Gateway), (1, "a@b@example.test")),
        ["critical names"] = leaf => leaf.SetNames(critical: true, (6, Gateway)),
        ["names without a name"] = leaf => leaf.SetNames(false),
        ["names that are none"] = leaf => leaf.SetRaw("2.5.29.17", critical: false, [0x30, 0x05, 0x86]),
        ["a usage that is none"] = leaf => leaf.SetRaw("2.5.29.15", critical: true, [0x04, 0x01, 0x80]),
        ["unknown extension"] = leaf => leaf.SetRaw("1.3.6.1.4.1.99999.1", critical: false, [0x05, 0x00]),
        ["unknown critical extension"] = leaf => leaf.SetRaw("1.3.6.1.4.1.99999.1", critical: true, [0x05, 0x00]),
        ["a policy"] = leaf => leaf.SetRaw("2.5.29.32", critical: false, [0x30, 0x08, 0x30, 0x06, 0x06, 0x04, 0x55, 0x1D, 0x20, 0x00]),
        ["serial zero"] = leaf => leaf.Serial = [0x00],
        ["serial of one"] = leaf => leaf.Serial = [0x01],
        ["no subject"] = leaf => leaf.Subject = string.Empty,
        ["no subject and critical names"] = leaf =>
        {
            leaf.Subject = string.Empty;
            leaf.SetNames(critical: true, (6, Gateway));
        },
        ["a subject in other letters"] = leaf => leaf.Subject = "CN=Пример, O=例",
        ["P-384"] = leaf => leaf.Key = Keys.P384,
        ["P-521"] = leaf => leaf.Key = Keys.P521,
        ["RSA of 2048 bits"] = leaf => leaf.Key = Keys.Rsa,
        ["RSA of 3072 bits"] = leaf => leaf.Key = Keys.LongRsa,
        ["RSA of 1024 bits"] = leaf => leaf.Key = Keys.ShortRsa,
        ["a bit of the signature"] = leaf => leaf.Spoil = der => Flip(der, der.Length - 3),
        ["a bit of the serial"] = leaf =>
        {
            leaf.Serial = [0x41, 0x42, 0x43, 0x44, 0x45, 0x46];
            leaf.Spoil = der => Flip(der, der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x41, 0x42, 0x43, 0x44]) + 2);
        },
    };

    private readonly Dictionary<string, Func<CaseAuthority>> _authorities = new(StringComparer.Ordinal)
    {
        ["one intermediate"] = () => world.Intermediate,
        ["the root"] = () => world.Root,
        ["two intermediates"] = () => world.Intermediate.Below("second"),
        ["six intermediates"] = () => Deep(world.Root, 6),
        ["seven intermediates"] = () => Deep(world.Root, 7),
        ["a path that is too long"] = () => world.Root.Below("short", ca => ca.SetConstraints(isCa: true, pathLength: 0)).Below("too deep"),
        ["a path as long as allowed"] = () => world.Root.Below("short", ca => ca.SetConstraints(isCa: true, pathLength: 1)).Below("deep"),
        ["a CA without keyCertSign"] = () => world.Root.Below("no signer", ca => ca.SetUsage(X509KeyUsageFlags.CrlSign)),
        ["a CA without usage"] = () => world.Root.Below("no usage", ca => ca.RemoveUsage()),
        ["no CA"] = () => world.Root.Below("no ca", ca => ca.SetConstraints(isCa: false, pathLength: null)),
        ["a CA without constraints"] = () => world.Root.Below("no constraints", ca => ca.RemoveConstraints()),
        ["an ended CA"] = () => world.Root.Below("ended", ca => ca.NotAfter = TimeProvider.System.GetUtcNow().AddMinutes(-10)),
        ["a CA of tomorrow"] = () => world.Root.Below("early", ca => ca.NotBefore = TimeProvider.System.GetUtcNow().AddMinutes(10)),
        ["a CA of RSA"] = () => world.RsaRoot.Below("rsa", key: Keys.LongRsa),
        ["a CA of P-384"] = () => world.Root.Below("p384", key: Keys.P384),
        ["a CA of short RSA"] = () => world.Root.Below("short rsa", key: Keys.ShortRsa),
        ["a CA signed with SHA-1"] = () => world.Root.Below("sha1", ca => ca.Generator = Keys.Sha1),
        ["a CA for this domain"] = () => world.Root.Below("uris", ca => ca.ConstrainNames(excluded: false, 6, "example.test")),
        ["a CA for another domain"] = () => world.Root.Below("other uris", ca => ca.ConstrainNames(excluded: false, 6, "other.test")),
        ["a CA not for this domain"] = () => world.Root.Below("excluded", ca => ca.ConstrainNames(excluded: true, 6, "example.test")),
        ["a CA for DNS names"] = () => world.Root.Below("dns", ca => ca.ConstrainNames(excluded: false, 2, "example.test")),
        ["a CA with a constraint that means nothing"] = () => world.Root.Below("dot", ca => ca.ConstrainNames(excluded: false, 2, ".example.test")),
        ["a CA for mailboxes"] = () => world.Root.Below("mail", ca => ca.ConstrainNames(excluded: false, 1, "example.test")),
        ["a CA for servers"] = () => world.Root.Below("servers", ca => ca.SetPurposes(ServerAuth)),
        ["a CA for both"] = () => world.Root.Below("both", ca => ca.SetPurposes(ServerAuth, ClientAuth)),
        ["a CA with an unknown critical extension"] = () => world.Root.Below("critical", ca => ca.SetRaw("1.3.6.1.4.1.99999.2", critical: true, [0x05, 0x00])),
        ["an unknown root"] = () => CaseAuthority.Root("stranger").Below("strange intermediate"),
        ["a root of the same name"] = () => CaseAuthority.Root("root").Below("intermediate"),
        ["a spoilt CA"] = () => world.Root.Below("spoilt", ca => ca.Spoil = der => Flip(der, der.Length - 3)),
        ["a CA signed twice"] = () => Cross(world.Root, world.CrossRoot),
        ["a CA signed twice, the other first"] = () => Cross(world.CrossRoot, world.Root),
        ["CRLs"] = () => world.CrlIntermediate,
        ["a revoked CA"] = () => world.CrlRevoked,
        ["a CRL of the root alone"] = () => world.GapIntermediate,
        ["an old CRL"] = () => world.StaleRoot,
        ["an anchor in PKCS#12"] = () => world.PfxRoot,
    };

    private readonly Dictionary<string, Func<IReadOnlyList<byte[]>, IReadOnlyList<byte[]>>> _sent = new(StringComparer.Ordinal)
    {
        ["in order"] = chain => chain,
        ["in reverse"] = chain => [chain[0], .. chain.Skip(1).Reverse()],
        ["each twice"] = chain => [chain[0], .. chain.Skip(1), .. chain.Skip(1)],
        ["the leaf twice"] = chain => [chain[0], chain[0], .. chain.Skip(1)],
        ["the leaf alone"] = chain => [chain[0]],
        ["with the root"] = chain => [.. chain, world.Root.Der],
        ["with strangers"] = chain => [.. chain, .. Strangers(3)],
        ["behind strangers"] = chain => [chain[0], .. Strangers(3), .. chain.Skip(1)],
        ["ten beside the leaf"] = chain => [.. chain, .. Strangers(10 - (chain.Count - 1))],
        ["eleven beside the leaf"] = chain => [.. chain, .. Strangers(11 - (chain.Count - 1))],
        ["twenty-five CAs"] = chain => [.. chain, .. Strangers(25)],
        ["seventy thousand bytes"] = chain => [.. chain, .. Big(4, 18_000)],
        ["a hundred and twenty thousand bytes"] = chain => [.. chain, .. Big(4, 30_000)],
        ["with a spoilt stranger"] = chain => [.. chain, Flip(Strangers(1)[0], Strangers(1)[0].Length - 3)],
    };

    private static readonly Lazy<byte[][]> StrangeAuthorities = new(() => [.. Enumerable.Range(0, 25).Select(i => CaseAuthority.Root($"stranger {i}").Der)]);

    /// <summary>At least so many, the same for the same seed but for keys and serial numbers.</summary>
    public IReadOnlyList<PeerCase> Draw(int seed, int count)
    {
        var cases = new List<PeerCase>
        {
            new("denied by hash", [world.Denied, .. world.Intermediate.Sent], Keys.Pem(Keys.P256)),
            new("revoked", [world.Revoked, .. world.CrlIntermediate.Sent], Keys.Pem(Keys.P256)),
        };
        cases.AddRange(_leaves.Keys.Select(leaf => Make(leaf, "one intermediate", "in order")));
        cases.AddRange(_authorities.Keys.Skip(1).Select(authority => Make("good", authority, "in order")));
        cases.AddRange(_sent.Keys.Skip(1).Select(sent => Make("good", "one intermediate", sent)));
        cases.Add(Make("RSA of 2048 bits", "a CA of RSA", "in order"));
        cases.Add(Signed("signed with PSS", Keys.Pss));
        cases.Add(Signed("signed with PSS and a short salt", Keys.ShortSalt));
        for (var i = 0; i < MaxPairs && cases.Count < count; i++)
        {
            var drawn = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed} {i}")));
            cases.Add(Make(Pick(_leaves.Keys, drawn[0]), Pick(_authorities.Keys, drawn[1]), Pick(_sent.Keys, drawn[2])));
        }

        return cases;
    }

    /// <summary>
    /// Servers of a partner, each flaw of a leaf and of what is sent, beside leaves of other authorities and of other names.
    /// </summary>
    public IReadOnlyList<PeerCase> DrawPartners() =>
    [
        .. _leaves.Keys.Select(leaf => MakePartner(leaf, world.PartnerIntermediate, "in order")),
        .. _sent.Keys.Skip(1).Select(sent => MakePartner("good", world.PartnerIntermediate, sent)),
        MakePartner("good", world.PartnerRoot, "in order"),
        MakePartner("good", world.Intermediate, "in order"),
        MakePartner("good", CaseAuthority.Root("partner root").Below("partner intermediate"), "in order"),
        .. ((string[])["*.partner.example", "*.example", "partner.example", "other.partner.example", "a.api.partner.example"]).Select(name => MakePartner(
            "good", world.PartnerIntermediate, "in order", name)),
        MakePartner("good", world.PartnerIntermediate, "in order", days: 200),
    ];

    private PeerCase MakePartner(string leaf, CaseAuthority issuer, string sent, string name = "api.partner.example", int days = 80)
    {
        var draft = CaseWorld.LeafOf(Gateway);
        draft.SetNames(false, (2, name));
        (draft.NotBefore, draft.NotAfter) = (draft.NotBefore.AddDays(-5), draft.NotAfter.AddDays(days));
        _leaves[leaf](draft);
        return new($"{leaf}, {name}, {days} d, sent {sent}", _sent[sent]([issuer.Sign(draft), .. issuer.Sent]), Keys.Pem(draft.Key));
    }

    private PeerCase Make(string leaf, string authority, string sent)
    {
        var issuer = _authorities[authority]();
        var draft = CaseWorld.LeafOf(authority switch
        {
            "CRLs" or "a revoked CA" => "spiffe://crl.test/gateway",
            "a CRL of the root alone" => "spiffe://gap.test/gateway",
            "an old CRL" => "spiffe://stale.test/gateway",
            "an anchor in PKCS#12" => "spiffe://pfx.test/gateway",
            _ => Gateway,
        });
        _leaves[leaf](draft);
        return new($"{leaf}, by {authority}, sent {sent}", _sent[sent]([issuer.Sign(draft), .. issuer.Sent]), Keys.Pem(draft.Key));
    }

    private PeerCase Signed(string name, Func<AsymmetricAlgorithm, X509SignatureGenerator> generator)
    {
        var leaf = CaseWorld.LeafOf(Gateway);
        leaf.Generator = generator;
        return new(name, [world.RsaRoot.Sign(leaf)], Keys.Pem(leaf.Key));
    }

    private static string Pick(ICollection<string> names, byte drawn) => names.ElementAt(drawn % names.Count);

    private static byte[] Flip(byte[] der, int index)
    {
        var flipped = (byte[])der.Clone();
        flipped[index] ^= 1;
        return flipped;
    }

    private static byte[][] Strangers(int count) => StrangeAuthorities.Value[..Math.Max(0, count)];

    private static IEnumerable<byte[]> Big(int count, int size) => Enumerable.Range(0, count).Select(i =>
        CaseAuthority.Root($"big {i}", Keys.P384, ca => ca.SetRaw("1.3.6.1.4.1.99999.3", critical: false, new byte[size])).Der);

    private static CaseAuthority Deep(CaseAuthority root, int count) =>
        Enumerable.Range(1, count).Aggregate(root, (issuer, i) => issuer.Below($"level {i}"));

    /// <summary>One CA with a certificate of each root.</summary>
    private static CaseAuthority Cross(CaseAuthority first, CaseAuthority second)
    {
        var key = Keys.NewP256();
        var other = second.Below("crossed", key: key);
        var crossed = first.Below("crossed", key: key);
        return crossed.With([crossed.Der, other.Der]);
    }
}
