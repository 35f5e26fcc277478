using ZeroTrust.Authz;

namespace ZeroTrust.Testing;

/// <summary>Calls the service under test as one peer of <see cref="TestPeers"/>; a handler for example for <c>factory.CreateDefaultClient(...)</c>.</summary>
public sealed class TestPeerHandler : DelegatingHandler
{
    // Tells the filter of UseTestPeer who calls; the filter removes it before the service sees it.
    internal const string CallerHeader = "ZeroTrust-Test-Caller";

    private readonly string _key;
    private readonly Func<TimeSpan> _lifetime;
    private readonly Func<TestContextRequest, TxnHeaders> _send;
    private TestContextRequest? _context;

    internal TestPeerHandler(string key, Func<TimeSpan> lifetime, Func<TestContextRequest, TxnHeaders> send)
    {
        _lifetime = lifetime;
        _key = key;
        _send = send;
    }

    /// <summary>Gives each call a context that the peer minted itself and hands to the service, as <c>AddAuthz</c> would.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="permissions">The permissions.</param>
    /// <returns>This handler.</returns>
    /// <remarks>
    /// It is really minted, linked and sent, and the service really verifies it: its own configuration has to hold a mint grant
    /// (<c>ZeroTrust:Authz:MintGrants</c>) that covers it, or it answers with the code of what it does not cover.
    /// </remarks>
    /// <exception cref="FormatException">One of them is not what it should be.</exception>
    public TestPeerHandler WithContext(string tenant, string subject, params string[] permissions) => Use(minter: null, tenant, subject, permissions);

    /// <summary>Gives each call a context that another workload minted and handed to the peer, which hands it on to the service.</summary>
    /// <param name="mintedBy">The SPIFFE ID of the workload that mints; it needs the grant, and the peer none.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="permissions">The permissions.</param>
    /// <returns>This handler.</returns>
    /// <exception cref="FormatException">One of them is not what it should be.</exception>
    public TestPeerHandler WithContextOf(string mintedBy, string tenant, string subject, params string[] permissions) =>
        Use(SpiffeId.Parse(mintedBy).ToString(), tenant, subject, permissions);

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Set(request, CallerHeader, _key);
        if (_context is { } context)
        {
            var headers = _send(context);
            Set(request, TxnHeaderNames.Token, headers.Token);
            Set(request, TxnHeaderNames.Chain, headers.Chain);
            Set(request, TxnHeaderNames.Certs, headers.Certs);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    private TestPeerHandler Use(string? minter, string tenant, string subject, string[] permissions)
    {
        _context = new TestContextRequest(minter, _lifetime(), TenantId.Parse(tenant), SubjectId.Parse(subject), PermissionSet.Create(permissions));
        return this;
    }
}
