using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

public sealed class SigningIdentityCheckTests : IDisposable
{
    private readonly TestMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task The_host_does_not_start_with_a_key_that_cannot_sign()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(TestKeyAlgorithm.Rsa1024));

        Assert.StartsWith("ZeroTrust:Mtls:Credential:CertificateFile: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestKeyAlgorithm.EcdsaP256)]
    [InlineData(TestKeyAlgorithm.EcdsaP384)]
    [InlineData(TestKeyAlgorithm.Rsa2048)]
    public async Task The_host_starts_with_a_key_that_can_sign(TestKeyAlgorithm algorithm) => await StartAsync(algorithm);

    private async Task StartAsync(TestKeyAlgorithm algorithm)
    {
        using var certificate = _mesh.Authority.Issue(leaf =>
        {
            leaf.SpiffeId = TestMesh.OrdersId;
            leaf.Key = algorithm;
        });
        using var service = _mesh.Run(certificate);
        var check = service.Provider.GetServices<IHostedService>().OfType<SigningIdentityCheck>().Single();

        await check.StartAsync(TestContext.Current.CancellationToken);
    }
}
