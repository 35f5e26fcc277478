using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Verify;

/// <summary>What the peer presents, in the order it is sent.</summary>
internal sealed record PresentedChain(IReadOnlyList<byte[]> Certificates)
{
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What a service of these settings gives to TLS; the platform may leave out certificates of its file.</summary>
    public static async Task<PresentedChain> OfServiceAsync(ServiceSettings settings, DateTimeOffset at, TimeProvider time)
    {
        var peer = await ServiceHost.CreateAsync(settings, at, time).ConfigureAwait(false);
        await using var closing = peer.ConfigureAwait(false);
        var credential = peer.Services.GetRequiredService<IPeerCredentialSource>().GetCredential();
        var sent = credential.CertificateContext.IntermediateCertificates.Select(certificate => certificate.RawData);
        return new([credential.Certificate.RawData, .. sent]) { Notes = [.. peer.Warnings.Select(warning => "the peer: " + warning)] };
    }
}
