using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>The files of one trust domain, or of a partner's server, and the bundle they make.</summary>
internal sealed class TrustDomainFiles
{
    private readonly TrustDomain _name;
    private readonly TrustDomainOptions _options;
    private readonly MtlsDangers? _dangers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _clockSkew;
    private readonly WatchedFile _anchorFile;
    private readonly WatchedFile[] _crlFiles;
    private Dictionary<string, IReadOnlyList<CertificateRevocationList>> _crls = new(StringComparer.Ordinal);
    private string? _anchors;
    private TrustBundle? _bundle;

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The name is none, or what code has weakened does not go with the options.
    /// </exception>
    public TrustDomainFiles(string name, TrustDomainOptions options, MtlsDangers? dangers, TimeProvider time, TimeSpan clockSkew)
        : this(SectionOf(name), Parse(name), options, dangers, time, clockSkew)
    {
        WithoutRevocation = dangers?.WithoutRevocation.GetValueOrDefault(_name);
        UnknownRevocation = dangers?.UnknownRevocation.GetValueOrDefault(_name);
        if (WithoutRevocation is not null && (_crlFiles.Length > 0 || options.MaxLeafLifetime is not null))
        {
            throw _anchorFile.Invalid("code allows no revocation, and yet CRLs or a lifetime are configured");
        }

        if (UnknownRevocation is not null && _crlFiles.Length == 0)
        {
            throw _anchorFile.Invalid("code allows unknown revocation, and no CRLs are configured");
        }
    }

    private TrustDomainFiles(string section, TrustDomain name, TrustDomainOptions options, MtlsDangers? dangers, TimeProvider time, TimeSpan clockSkew)
    {
        (_time, _clockSkew) = (time, clockSkew);
        _name = name;
        _options = options;
        _dangers = dangers;
        _anchorFile = MtlsFile.At(section + ":AnchorFile", options.AnchorFile, dangers);
        _crlFiles = [.. options.CrlFiles.Select((file, index) => MtlsFile.At($"{section}:CrlFiles:{index}", file, dangers) with { MaxBytes = CrlFile.MaxBytes })];
    }

    public TrustDomain Name => _name;

    /// <summary>Which anchors of the file are not trusted, and why; null when all of them are.</summary>
    public string? LeftOut { get; private set; }

    public IReadOnlyList<WatchedFile> Files => [_anchorFile, .. _crlFiles];

    private string? WithoutRevocation { get; }

    private string? UnknownRevocation { get; }

    /// <summary>The files of a partner's server. What code has weakened for a trust domain is not weakened for it.</summary>
    public static TrustDomainFiles Of(PartnerRules partner, ServerOptions options, MtlsDangers? dangers, TimeProvider time, TimeSpan clockSkew) => new(
        $"{MtlsOptions.SectionName}:{nameof(MtlsOptions.Servers)}:{partner.Server}",
        partner.Domain,
        new TrustDomainOptions
        {
            AnchorFile = options.AnchorFile,
            AnchorPassword = options.AnchorPassword,
            CrlFiles = options.CrlFiles,
            MaxLeafLifetime = options.MaxLeafLifetime,
        },
        dangers,
        time,
        clockSkew);

    /// <param name="content">That of <see cref="Files"/>.</param>
    /// <remarks>
    /// While the anchors are the same, so is the object that holds them: connections go on when nothing but CRLs is newer.
    /// </remarks>
    public TrustBundle Load(IReadOnlyList<FileContent> content)
    {
        var read = new Dictionary<string, IReadOnlyList<CertificateRevocationList>>(StringComparer.Ordinal);
        for (var i = 0; i < _crlFiles.Length; i++)
        {
            var file = content[i + 1];
            read[file.Sha256] = _crls.TryGetValue(file.Sha256, out var known) ? known : ReadCrls(_crlFiles[i], file.Bytes);
        }

        var crls = read.Values.SelectMany(file => file).ToList();
        CheckAge(crls);
        var bundle = _bundle is not null && _crlFiles.Length > 0 && content[0].Sha256 == _anchors
            ? _bundle.With(new CrlSet(crls))
            : NewBundle(content[0].Bytes, crls);
        bundle = KeepServing(bundle, crls);
        _crls = read;
        _anchors = content[0].Sha256;
        return _bundle = bundle;
    }

    private static string SectionOf(string name) => $"{MtlsOptions.SectionName}:TrustDomains:{name}";

    private static TrustDomain Parse(string name) =>
        TrustDomain.TryParse(name, out var domain) ? domain : throw MtlsFile.At(SectionOf(name), path: null).Invalid("not a trust domain name");

    private static IReadOnlyList<CertificateRevocationList> ReadCrls(WatchedFile file, byte[] content)
    {
        try
        {
            return CrlFile.Read(content);
        }
        catch (FormatException exception)
        {
            throw file.Invalid($"'{file.Path}' holds no usable CRLs: {exception.Message}");
        }
    }

    /// <summary>A CRL of yesterday is as well signed as one of today; who can put it back could take revocations back with it.</summary>
    private void CheckAge(List<CertificateRevocationList> crls)
    {
        var review = _bundle?.Validator.Review();
        foreach (var current in _bundle?.Crls ?? CrlSet.Empty)
        {
            var older = crls.Find(crl => crl.Precedes(current));
            if (older is not null && review!.IsOfItsIssuer(current, _time.GetUtcNow(), _clockSkew) && !crls.Exists(crl => current.Precedes(crl) || crl.Der.Span.SequenceEqual(current.Der.Span)))
            {
                throw _crlFiles[0].Invalid($"the CRL {older} is older than the one in use, {current}; a restart would take it");
            }
        }
    }

    /// <summary>
    /// A CRL that cannot be used pushes none out that can: the last one goes on beside it, and is passed over once another takes its place.
    /// </summary>
    private TrustBundle KeepServing(TrustBundle bundle, List<CertificateRevocationList> crls)
    {
        if (_bundle?.Crls is not { Count: > 0 } last || bundle.Crls is null)
        {
            return bundle;
        }

        // Under other anchors what nobody can prove may be of an authority that was taken away.
        HashSet<CertificateRevocationList> fromFiles = ReferenceEquals(bundle.Anchors, _bundle.Anchors) ? [.. _crls.Values.SelectMany(file => file)] : [];
        var kept = bundle.Validator.With(last, DenyList.Empty).Review().FindOutliving(bundle.Validator.Review(), fromFiles, _time.GetUtcNow(), _clockSkew);
        return kept.Count > 0 ? bundle.With(new CrlSet([.. crls, .. kept]), kept) : bundle;
    }

    private TrustBundle NewBundle(byte[] anchors, List<CertificateRevocationList> crls)
    {
        try
        {
            var bundle = new TrustBundle(_name, ReadAnchors(anchors), _options.MaxLeafLifetime, _crlFiles.Length > 0 ? new CrlSet(crls) : null);
            bundle = WithoutRevocation is { } none ? bundle.DangerousAllowNoRevocation(none) : bundle;
            bundle = UnknownRevocation is { } unknown ? bundle.DangerousAllowUnknownRevocation(unknown) : bundle;
            return _dangers?.PlatformVeto is { } veto ? bundle.SkipPlatformVeto(veto) : bundle;
        }
        catch (Exception exception) when (exception is TrustFileFault or CryptographicException or ArgumentException)
        {
            throw _anchorFile.Invalid($"'{_anchorFile.Path}' holds no usable anchors: {exception.Message}");
        }
    }

    private X509Certificate2Collection ReadAnchors(byte[] content)
    {
        var anchors = AnchorFile.Usable(AnchorFile.Read(content, _options.AnchorPassword), out var leftOut);
        LeftOut = leftOut is null ? null : "not trusted: " + leftOut;
        return anchors;
    }
}
