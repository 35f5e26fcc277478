using System.Net.Security;
using System.Security.Authentication;

namespace ZeroTrust.Mtls.Internal;

/// <summary>
/// What TLS 1.2 may be where code allows it: ephemeral keys and authenticated encryption alone, as HTTP/2 asks too (RFC 9113 section
/// 9.2.2).
/// </summary>
internal static class Tls12
{
    // Windows chooses by the system's policy and takes none from a program.
#pragma warning disable CA1416 // asked for the platform
    private static readonly Lazy<CipherSuitesPolicy?> Suites = new(static () => OperatingSystem.IsWindows()
        ? null
        : new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ]));
#pragma warning restore CA1416

#pragma warning disable CA5398 // code asked for it with a reason
    public static SslProtocols Protocols => SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398

    public static void Allow(SslClientAuthenticationOptions options)
    {
        options.EnabledSslProtocols = Protocols;
#pragma warning disable CA1416 // null on Windows
        options.CipherSuitesPolicy = Suites.Value;
#pragma warning restore CA1416
    }

    public static void Allow(SslServerAuthenticationOptions options)
    {
        options.EnabledSslProtocols = Protocols;
#pragma warning disable CA1416 // null on Windows
        options.CipherSuitesPolicy = Suites.Value;
#pragma warning restore CA1416
    }
}
