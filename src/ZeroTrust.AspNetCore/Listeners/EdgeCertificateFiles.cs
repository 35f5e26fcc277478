using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// The files of an edge listener's certificate, read by the rules of the workload's own; each fault names its setting and its file.
/// </summary>
internal sealed class EdgeCertificateFiles(string listener, string certificateFile, string keyFile, FileRules rules)
{
    private readonly WatchedFile _certificate = At(listener, nameof(ListenerOptions.CertificateFile), certificateFile, rules);
    private readonly WatchedFile _key = At(listener, nameof(ListenerOptions.KeyFile), keyFile, rules) with
    {
        MayBeAnybodys = rules.AllowsExposedKeys,
        FaultOf = rules.AllowsExposedKeys ? null : static (SafeFileHandle file, string? path) => KeyFileMode.FaultOf(file, path),
    };

    public IReadOnlyList<WatchedFile> Files => [_certificate, _key];

    /// <summary>
    /// What is wrong with the files, and which setting names them; null when they make a certificate with its key that clients accept now.
    /// </summary>
    public (string Setting, string What)? FaultOf(DateTimeOffset now)
    {
        try
        {
            Read([.. Files.Select(file => file.Read())], now);
            return null;
        }
        catch (OptionsValidationException invalid)
        {
            var file = invalid.Message.StartsWith(_key.ConfigurationPath, StringComparison.Ordinal) ? _key : _certificate;
            return (file.ConfigurationPath[(file.ConfigurationPath.LastIndexOf(':') + 1)..], invalid.Message[(file.ConfigurationPath.Length + 2)..]);
        }
    }

    /// <param name="content">That of <see cref="Files"/>.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="OptionsValidationException">They do not make a certificate with its key that clients accept now.</exception>
    public PeerCredential Read(IReadOnlyList<FileContent> content, DateTimeOffset now)
    {
        var credential = Parse(content);
        return EdgeCertificateRules.FaultOf(credential, now) is { } fault
            ? throw _certificate.Invalid($"the certificate of '{_certificate.Path}' {fault}")
            : credential;
    }

    private static WatchedFile At(string listener, string setting, string path, FileRules rules) =>
        new(typeof(ListenersOptions), $"{ListenersOptions.SectionName}:{listener}:{setting}", path) { Owners = rules.Owners };

    private PeerCredential Parse(IReadOnlyList<FileContent> content)
    {
        var chain = Of(_certificate, () => CertificateFile.Read(content[0].Bytes, mayHoldKey: _certificate.Path == _key.Path));
        var key = Of(_key, () => ReadKey(content[1].Bytes));
        try
        {
            return PeerCredential.FromPem(chain.ExportCertificatePems(), key);
        }
        catch (CryptographicException exception)
        {
            // Every certificate was read: a fault of a file's form is one of the key's.
            throw Unusable(exception.InnerException is FormatException ? _key : _certificate, exception);
        }
    }

    private static string ReadKey(byte[] content)
    {
        if (TrustFile.IsBinary(content))
        {
            throw new TrustFileFault(TrustFile.IsPkcs12(content)
                ? "it is PKCS#12 (PFX); a listener's key is PEM: openssl pkcs12 -in FILE -nocerts -nodes -out FILE.pem"
                : "it is a binary object (DER); a listener's key is PEM: openssl pkey -inform DER -in FILE -out FILE.pem");
        }

        if (TrustFile.ReadBlocks(content).FirstOrDefault(static block => block.IsEncrypted) is { } encrypted)
        {
            throw TrustFileFault.At(
                encrypted.Line, "the key is encrypted, and listeners have no setting for its password; decrypt it: openssl pkey -in FILE -out FILE.pem");
        }

        return TrustFile.ReadText(content);
    }

    private static T Of<T>(WatchedFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TrustFileFault fault)
        {
            throw Unusable(file, fault);
        }
    }

    private static OptionsValidationException Unusable(WatchedFile file, Exception fault) => file.Invalid($"'{file.Path}' is not usable: {fault.Message}");
}
