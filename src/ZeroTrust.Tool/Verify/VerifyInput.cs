using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Internal;
using ZeroTrust.Tool.Judges;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>
/// What the peer presents and who judges it. What is wrong with files of the operator ends here; what is wrong with the peer's is the
/// verdict's.
/// </summary>
internal sealed class VerifyInput
{
    private VerifyInput(DateTimeOffset at, PresentedChain presented, PeerJudge judge)
    {
        At = at;
        Presented = presented.Certificates;
        Judge = judge;
        Leaf = Certificate.Read(Presented[0]).TryGet(out var leaf, out _) ? leaf : null;
        TrustDomain = judge.DomainOf(Leaf);
        Bundle = judge.BundleOf(TrustDomain);
        Notes = [.. presented.Notes, .. judge.Notes];
    }

    public DateTimeOffset At { get; }

    public PeerJudge Judge { get; }

    /// <summary>The leaf, then what came with it.</summary>
    public IReadOnlyList<byte[]> Presented { get; }

    /// <summary>The leaf; null when it cannot be read as one.</summary>
    public Certificate? Leaf { get; }

    public TrustDomain TrustDomain { get; }

    /// <summary>What judges the leaf; null where its trust domain is not trusted.</summary>
    public TrustBundle? Bundle { get; }

    public IReadOnlyList<string> Notes { get; }

    public static VerifyInput Of(VerifyRequest request, PresentedChain presented, PeerJudge judge) => new(request.At, presented, judge);

    public static async Task<PeerJudge> ReadFilesAsync(VerifyRequest request, ToolConsole console, CancellationToken cancellationToken)
    {
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

        return new FilesJudge(request, domain => BundleOf(domain, request, anchors, crls));
    }

    private static TrustBundle BundleOf(TrustDomain domain, VerifyRequest request, X509Certificate2Collection anchors, List<CertificateRevocationList> crls)
    {
        try
        {
            return new TrustBundle(domain, anchors, request.MaxLeafLifetime, crls.Count > 0 ? new CrlSet(crls) : null);
        }
        catch (ArgumentException exception)
        {
            throw new ToolException($"'{string.Join("', '", request.CaFiles)}': {exception.Message}", exception);
        }
    }
}
