using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>Six services that receive contexts, two of which may mint, and a stranger who has the name of one and another authority.</summary>
internal sealed class ChainWorld : IDisposable
{
    public static readonly string[] Permissions = ["orders:read", "orders:write", "invoice:read", "invoice:write", "audit:read"];

    private readonly TestMesh _mesh = new();
    private readonly Testing.TestCertificateAuthority _intermediate;
    private readonly Testing.TestCertificateAuthority _strange;
    private readonly TrustBundleSet _trusted;
    private readonly Dictionary<string, TestService> _services;
    private readonly Dictionary<(string Receiver, string Sender), VerifiedPeer> _peers = [];

    public ChainWorld()
    {
        _intermediate = _mesh.Authority.CreateIntermediate("mesh intermediate");
        _strange = Testing.TestCertificateAuthority.Create("strange root", _mesh.Time);
        _trusted = _mesh.Bundles.GetBundles();
        Actors =
        [
            new(TestMesh.GatewayId, _mesh.Authority.Issue(TestMesh.GatewayId)),
            new("spiffe://example.test/batch", _intermediate.Issue("spiffe://example.test/batch")),
            new(TestMesh.OrdersId, _mesh.Authority.Issue(TestMesh.OrdersId)),
            new(TestMesh.BillingId, _intermediate.Issue(TestMesh.BillingId)),
            new(TestMesh.AuditId, _mesh.Authority.Issue(TestMesh.AuditId)),
            new("spiffe://example.test/ending", _mesh.Authority.Issue(options =>
            {
                options.SpiffeId = "spiffe://example.test/ending";
                options.NotAfter = TestMesh.Start.AddSeconds(60);
            })),
        ];
        Stranger = new(TestMesh.GatewayId, _strange.Issue(TestMesh.GatewayId), isTrusted: false);
        _services = Actors.ToDictionary(actor => actor.Id, actor => _mesh.Run(actor.Certificate, Configure), StringComparer.Ordinal);
    }

    public long Now { get; } = TestMesh.Start.ToUnixTimeSeconds();

    public IReadOnlyList<Actor> Actors { get; }

    public Actor Stranger { get; }

    public Actor Gateway => Actors[0];

    public Actor Batch => Actors[1];

    public IReadOnlyDictionary<string, (string[] Tenants, SubjectKind Kind, string[] Permissions)> Grants { get; } =
        new Dictionary<string, (string[], SubjectKind, string[])>(StringComparer.Ordinal)
        {
            [TestMesh.GatewayId] = (["acme", "globex"], SubjectKind.User, Permissions),
            ["spiffe://example.test/batch"] = (["acme"], SubjectKind.System, Permissions[2..]),
        };

    /// <summary>What the receiver says.</summary>
    public Verdict<AuthzContext> Receive(Presentation shown)
    {
        var peer = PeerOf(shown);
        if (shown.Denied.Count > 0)
        {
            _mesh.Bundles.Replace(new TrustBundleSet(_trusted, new DenyList(workloads: shown.Denied.Select(actor => actor.Workload))));
        }

        try
        {
            return _services[shown.Receiver.Id].Verifier.Verify(shown.Headers, peer);
        }
        finally
        {
            if (shown.Denied.Count > 0)
            {
                _mesh.Bundles.Replace(_trusted);
            }
        }
    }

    public TestService Service(Actor actor) => _services[actor.Id];

    public void Dispose()
    {
        foreach (var service in _services.Values)
        {
            service.Dispose();
        }

        foreach (var actor in Actors.Append(Stranger))
        {
            actor.Dispose();
        }

        _strange.Dispose();
        _intermediate.Dispose();
        _mesh.Dispose();
    }

    // The connection was judged when it was made, before anybody was denied.
    private VerifiedPeer PeerOf(Presentation shown)
    {
        var key = (shown.Receiver.Id, shown.Sender.Id);
        if (!_peers.TryGetValue(key, out var peer))
        {
            _peers.Add(key, peer = _services[shown.Receiver.Id].Peer(shown.Sender.Certificate));
        }

        return peer;
    }

    private void Configure(AuthzOptions options)
    {
        foreach (var (workload, (tenants, kind, permissions)) in Grants)
        {
            options.MintGrants.Add(new MintGrantOptions { Workload = workload, Tenants = [.. tenants], SubjectKinds = [kind], Permissions = [.. permissions] });
        }
    }
}
