using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Internal;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>The files of a request, read. What is wrong with the operator's files ends here; what is wrong with the peer's is the verdict's.</summary>
internal sealed class VerifyInput
{
    private VerifyInput(VerifyRequest request, IReadOnlyList<byte[]> presented, X509Certificate2Collection anchors, CrlSet? crls)
    {
        Request = request;
        Presented = presented;
        Leaf = Certificate.Read(presented[0]).TryGet(out var leaf, out _) ? leaf : null;
        TrustDomain = request.TrustDomain ?? DomainOf(Leaf);
        Crls = crls;
        try
        {
            Bundle = new TrustBundle(TrustDomain, anchors, request.MaxLeafLifetime, crls);
        }
        catch (ArgumentException exception)
        {
            throw new ToolException($"'{string.Join("', '", request.CaFiles)}': {exception.Message}", exception);
        }
    }

    public VerifyRequest Request { get; }

    /// <summary>The leaf, then what came with it.</summary>
    public IReadOnlyList<byte[]> Presented { get; }

    /// <summary>The leaf; null when it cannot be read as one.</summary>
    public Certificate? Leaf { get; }

    public TrustDomain TrustDomain { get; }

    public CrlSet? Crls { get; }

    public TrustBundle Bundle { get; }

    public static async Task<VerifyInput> ReadAsync(VerifyRequest request, ToolConsole console, CancellationToken cancellationToken)
    {
        var presented = await InputFile.ReadPresentedAsync(request.CertificateFile, console, cancellationToken).ConfigureAwait(false);
        var anchors = new X509Certificate2Collection();
        foreach (var file in request.CaFiles)
        {
            anchors.AddRange(await InputFile.ReadAnchorsAsync(file, console, cancellationToken).ConfigureAwait(false));
        }

        var crls = new List<CertificateRevocationList>();
        foreach (var file in request.CrlFiles)
        {
            crls.AddRange(await InputFile.ReadCrlsAsync(file, console, cancellationToken).ConfigureAwait(false));
        }

        return new VerifyInput(request, presented, anchors, crls.Count > 0 ? new CrlSet(crls) : null);
    }

    // A leaf known by a DNS name belongs to no trust domain of its own; whatever the anchors' is called, they judge it.
    private static TrustDomain DomainOf(Certificate? leaf) =>
        leaf?.UriNames is [var uri] && SpiffeId.TryParse(uri, out var id) ? id.TrustDomain : ZeroTrust.TrustDomain.Parse("local");
}
