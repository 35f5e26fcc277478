using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Stops the host when its credential cannot sign a context, which every call would otherwise find out for itself.</summary>
internal sealed class SigningIdentityCheck(IServiceProvider services) : IHostedService
{
    private const string Setting = MtlsOptions.SectionName + ":Credential:CertificateFile: ";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return services.GetRequiredService<SigningIdentitySource>().Get().TryGet(out _, out var rejection)
                ? Task.CompletedTask
                : throw Invalid(rejection.Detail);
        }
        catch (ArgumentException exception)
        {
            throw Invalid("the key cannot sign a context (ES256, ES384 and PS256 can): " + exception.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static OptionsValidationException Invalid(string what) => new(nameof(MtlsOptions), typeof(MtlsOptions), [Setting + what]);
}
