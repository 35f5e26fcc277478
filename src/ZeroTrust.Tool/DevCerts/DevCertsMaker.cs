using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>Makes what a request asks for and tells what it wrote.</summary>
internal sealed class DevCertsMaker(DevCertsRequest request, ToolConsole console)
{
    private const string Localhost = "localhost";

    private readonly DevFolder _folder = new(request.Folder);
    private readonly TimeSpan _lifetime = TimeSpan.FromDays(request.Days);
    private readonly string[] _dnsNames = [.. request.DnsNames.Prepend(Localhost).Distinct(StringComparer.Ordinal)];
    private readonly DateTimeOffset _now = ToWholeSecond(console.Time.GetUtcNow());

    public void Run(CancellationToken cancellationToken)
    {
        _folder.Create();
        var isNew = request.Force || !DevelopmentAuthority.IsIn(_folder);
        using var authority = isNew ? Make() : Load();
        Tell(DevelopmentAuthority.AnchorFile, $"the CA of {authority.TrustDomain}, {(isNew ? "new" : "kept")}, until {Spell(authority.NotAfter)}");
        WriteCrls(authority, anew: isNew);
        foreach (var service in request.Services)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteService(authority, service);
        }

        TellSettings(authority.TrustDomain);
    }

    private static DateTimeOffset ToWholeSecond(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static string Spell(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private DevelopmentAuthority Make() =>
        DevelopmentAuthority.Make(_folder, request.TrustDomain ?? TrustDomain.Parse(DevCertsCommand.DefaultTrustDomain), _dnsNames, _now);

    private DevelopmentAuthority Load()
    {
        var authority = DevelopmentAuthority.Load(_folder);
        var anchorFile = _folder.PathOf(DevelopmentAuthority.AnchorFile);
        if (request.TrustDomain is { } wanted && wanted != authority.TrustDomain)
        {
            throw new ToolException($"'{anchorFile}' is the CA of {authority.TrustDomain}; --force makes one of {wanted}");
        }

        return authority.NotAfter > _now + _lifetime
            ? authority
            : throw new ToolException($"'{anchorFile}' ends at {Spell(authority.NotAfter)}, before its leaves would; --force makes a new one");
    }

    private void WriteCrls(DevelopmentAuthority authority, bool anew)
    {
        if (!request.Crl && request.Revoke is null && !_folder.Has(DevelopmentCrls.FileName))
        {
            return;
        }

        var crls = DevelopmentCrls.Open(_folder, authority, anew);
        if (request.Revoke is { } service)
        {
            using var revoked = ReadLeaf(service + ".pem");
            crls.Revoke(revoked, _now);
            Tell(service + ".pem", $"revoked, serial number {revoked.SerialNumber}");
        }

        crls.Write(_folder, _now, _now + _lifetime);
        Tell(DevelopmentCrls.FileName, $"the CRLs, until {Spell(_now + _lifetime)}");
    }

    private X509Certificate2 ReadLeaf(string file)
    {
        try
        {
            return X509Certificate2.CreateFromPem(_folder.Read(file));
        }
        catch (CryptographicException exception)
        {
            throw new ToolException($"'{_folder.PathOf(file)}': {exception.Message}", exception);
        }
    }

    private void WriteService(DevelopmentAuthority authority, string service)
    {
        var (chain, keyPem) = authority.Issue(service, _dnsNames, _now, _lifetime);
        using var leaf = chain[0];
        CheckAccepted(authority, chain);

        // The key first: a service that reads in between finds a pair that does not fit, keeps what it has and tries again.
        _folder.WriteKey(service + ".key", keyPem);
        _folder.Write(service + ".pem", string.Concat(chain.Select(certificate => certificate.ExportCertificatePem() + "\n")));
        Tell(service + ".pem", $"{DevCertificates.SpiffeIdOf(authority.TrustDomain, service)}, until {Spell(_now + _lifetime)}");
        Tell(service + ".key", "its private key, for your eyes only");
    }

    // The verifier of the services decides, so that a CA made for other names is told here and not by a failed handshake.
    private void CheckAccepted(DevelopmentAuthority authority, IReadOnlyList<X509Certificate2> chain)
    {
        var bundle = new TrustBundle(authority.TrustDomain, [authority.Root], _lifetime);
        var verifier = new PeerVerifier(
            new MemoryTrustBundleSource(new TrustBundleSet(bundle)),
            Options.Create(new MtlsOptions { TrustDomain = authority.TrustDomain.ToString() }),
            console.Time);
        var presented = PeerCertificates.From(chain[0], [.. chain.Skip(1)]).GetOrThrow();
        foreach (var role in new[] { PeerRole.Server, PeerRole.Client })
        {
            if (!verifier.Verify(presented, role).TryGet(out _, out var rejection))
            {
                throw new ToolException(
                    $"the CA in '{_folder.PathOf(DevelopmentAuthority.AnchorFile)}' cannot speak for these names: {rejection}; --force makes a new one that can");
            }
        }
    }

    private void TellSettings(TrustDomain trustDomain)
    {
        foreach (var service in request.Services)
        {
            console.WriteLine();
            console.WriteLine($"appsettings.Development.json of {service}:");
            console.Output.WriteLine(SettingsFragment.Of(
                _folder, trustDomain, service, request.Services.Where(other => other != service), _lifetime, _folder.Has(DevelopmentCrls.FileName)));
        }
    }

    private void Tell(string file, string what) => console.WriteLine($"{_folder.PathOf(file)}  {what}");
}
