namespace ZeroTrust.Testing;

/// <summary>Tells the filter of <c>UseTestPeer</c> who calls; the filter removes the header before the service sees it.</summary>
internal sealed class TestCallerHandler(string key) : DelegatingHandler
{
    public const string Header = "ZeroTrust-Test-Caller";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(Header);
        request.Headers.Add(Header, key);
        return base.SendAsync(request, cancellationToken);
    }
}
