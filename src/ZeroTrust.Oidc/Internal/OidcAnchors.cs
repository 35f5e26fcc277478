using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Internal;

/// <summary>The anchors that an issuer's TLS is verified by, from a file.</summary>
internal static class OidcAnchors
{
    /// <param name="setting">The setting that names the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="owners">Users beside root and the service's own that may own it.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It cannot be read, or others could write it.</exception>
    public static X509Certificate2Collection Read(string setting, string file, IReadOnlyCollection<uint> owners)
    {
        var watched = new WatchedFile(typeof(OidcOptions), setting, file) { Owners = owners };
        var content = watched.Read();
        try
        {
            return CertificateFile.Read(content.Bytes, mayHoldKey: false);
        }
        catch (TrustFileFault fault)
        {
            throw watched.Invalid($"'{file}' holds no usable anchors: {fault.Message}");
        }
    }
}
