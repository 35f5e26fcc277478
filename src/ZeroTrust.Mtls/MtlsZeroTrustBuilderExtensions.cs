using ZeroTrust.Mtls;

namespace ZeroTrust;

/// <summary>Registers mutual TLS.</summary>
public static class MtlsZeroTrustBuilderExtensions
{
    /// <summary>Adds the own credential, the trusted bundles and the peer verifier, from <c>ZeroTrust:Mtls</c>. Safe to call more than once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options after the configuration was bound.</param>
    /// <remarks>Register another <see cref="IPeerCredentialSource"/> or <see cref="ITrustBundleSource"/> to replace the files.</remarks>
    public static IZeroTrustBuilder AddMtls(this IZeroTrustBuilder builder, Action<MtlsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        throw new NotImplementedException();
    }
}
