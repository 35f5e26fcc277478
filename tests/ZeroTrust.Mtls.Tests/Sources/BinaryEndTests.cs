using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>
/// A binary file is one object from its first byte to its last: written over a longer one, joined or cut off it is refused.
/// </summary>
public sealed class BinaryEndTests : IDisposable
{
    private const string Anchors = "TrustDomains:example.test:AnchorFile: ";
    private const string Crls = "TrustDomains:example.test:CrlFiles:0: ";
    private const string Pfx = "Credential:PfxFile: ";
    private const string Certificate = "Credential:CertificateFile: ";
    private const string Key = "Credential:KeyFile: ";

    private readonly FileWorld _world = new();

    public static TheoryData<string> Settings => [Anchors + "PKCS#12", Anchors + "DER", Crls, Pfx, Certificate, Key];

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_is_whole_is_read(string file) => Assert.NotNull(Load(file, ContentOf(file)));

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_tail_of_a_longer_file_is_refused(string file) =>
        FileWorld.Refused(() => Load(file, [.. ContentOf(file), 1, 2, 3]), SettingOf(file), "it has 3 bytes behind its end");

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_size_that_was_set_in_advance_is_told_by_its_zero_bytes(string file) => FileWorld.Refused(
        () => Load(file, [.. ContentOf(file), .. new byte[512]]), SettingOf(file), "it has 512 zero bytes behind its end: it was not written to the end");

    [Theory]
    [MemberData(nameof(Settings))]
    public void Two_files_in_one_are_refused(string file) =>
        FileWorld.Refused(() => Load(file, [.. ContentOf(file), .. ContentOf(file)]), SettingOf(file), "bytes behind its end");

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_was_cut_off_is_told_so(string file) =>
        FileWorld.Refused(() => Load(file, ContentOf(file)[..^10]), SettingOf(file), "it is a binary object that has no end: the file was cut off");

    [Fact]
    public void The_tail_of_a_longer_file_keeps_the_last_good_one()
    {
        _world.Domain.AnchorFile = _world.Write("ca.p12", ContentOf(Anchors + "PKCS#12"));
        var source = _world.NewBundleSource();
        var before = source.GetBundles();
        _world.Write("ca.p12", [.. ContentOf(Anchors + "PKCS#12"), 0]);

        Assert.False(source.Poll());
        Assert.False(source.Poll());
        Assert.Same(before, source.GetBundles());
        Assert.Contains("1 zero bytes behind its end: it was not written to the end", source.Failure, StringComparison.Ordinal);
    }

    private static string SettingOf(string file) => file[..(file.IndexOf(": ", StringComparison.Ordinal) + 2)];

    private byte[] ContentOf(string file) => file switch
    {
        Anchors + "PKCS#12" => new X509Certificate2Collection(_world.World.Root.Certificate).Export(X509ContentType.Pkcs12)!,
        Anchors + "DER" => _world.World.Root.Certificate.RawData,
        Crls => _world.World.Root.IssueCrl([]).Der.ToArray(),
        Pfx => _world.Current.Certificate.Export(X509ContentType.Pkcs12),
        Certificate => _world.Current.Certificate.RawData,
        _ => _world.Current.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey(),
    };

    private object Load(string file, byte[] content)
    {
        var path = _world.Write("binary", content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        switch (file)
        {
            case Anchors + "PKCS#12" or Anchors + "DER":
                _world.Domain.AnchorFile = path;
                return _world.NewBundleSource();
            case Crls:
                _world.Domain.CrlFiles = [path];
                return _world.NewBundleSource();
            case Pfx:
                (_world.Options.Credential.PfxFile, _world.Options.Credential.CertificateFile, _world.Options.Credential.KeyFile) = (path, null, null);
                return _world.NewCredentialSource();
            case Certificate:
                _world.Options.Credential.CertificateFile = path;
                return _world.NewCredentialSource();
            default:
                _world.Options.Credential.KeyFile = path;
                return _world.NewCredentialSource();
        }
    }
}
