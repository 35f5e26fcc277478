using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace ZeroTrust.Mtls.Internal;

/// <summary>
/// Keeps what OpenSSL finds wrong with a client's certificates from ending a handshake that is for this package to judge.
/// </summary>
/// <remarks>
/// <para>
/// In a TLS server of the platform OpenSSL verifies what the client sent by itself, and the platform overrules every finding
/// (<c>SSL_set_verify</c> with a callback that answers 1). A signature that does not verify still leaves its error in the queue of the
/// thread, and <c>SSL_get_error</c> reports any error it finds there: the handshake fails before the certificate is seen here. OpenSSL
/// takes an issuer by its name where there are no key identifiers, so two CAs of one name are enough. For servers' certificates OpenSSL
/// clears the queue itself (<c>tls_post_process_server_certificate</c>).
/// </para>
/// <para>
/// Nothing of the platform runs between the two. What does is the callback with which OpenSSL frees what applications keep with a
/// verification (<c>CRYPTO_get_ex_new_index(3)</c>): here it is <c>ERR_clear_error(3)</c> itself, whose missing parameters no calling
/// convention of Linux minds. Results of verifications are return values and stay as they are; a handshake that OpenSSL refuses raises
/// its error after that. It stays for the life of the process.
/// </para>
/// <para>
/// Should the platform ask its callback within the handshake (dotnet/runtime#115996, not in .NET 10), a verification ends there too, and
/// with it what the chains of <c>PlatformChain</c> left. Where it cannot be registered such a handshake fails as
/// <c>mtls.handshake_invalid</c>: closed, without the better code.
/// </para>
/// </remarks>
internal static class OpenSslErrors
{
    // CRYPTO_EX_INDEX_X509_STORE_CTX of openssl/crypto.h, the same in 1.1.1, 3 and 4.
    private const int VerificationIndex = 5;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GetNewIndex(int kind, nint argument, nint pointer, nint created, nint copied, nint freed);

    /// <summary>Whether a verification ends with an empty queue; also true where TLS is not OpenSSL's.</summary>
    public static bool EndWithVerification { get; } = !OperatingSystem.IsLinux() || Register();

    [SupportedOSPlatform("linux")]
    private static bool Register()
    {
        try
        {
            return NativeLibrary.TryLoad(NameOf(SafeEvpPKeyHandle.OpenSslVersion), out var library)
                && NativeLibrary.TryGetExport(library, "CRYPTO_get_ex_new_index", out var function)
                && NativeLibrary.TryGetExport(library, "ERR_clear_error", out var clear)
                && Marshal.GetDelegateForFunctionPointer<GetNewIndex>(function)(VerificationIndex, 0, 0, 0, 0, clear) >= 0;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException or TypeInitializationException)
        {
            return false;
        }
    }

    // The platform has loaded it already, under this name.
    private static string NameOf(long version) => version >> 28 >= 3
        ? string.Create(CultureInfo.InvariantCulture, $"libcrypto.so.{version >> 28}")
        : "libcrypto.so.1.1";
}
