using System.Text;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>Texts with zero bytes, as a crash and a size that was set in advance leave them.</summary>
public sealed class UnwrittenEndTests : IDisposable
{
    private const string NotWritten = ": it was not written to the end";

    private readonly FileWorld _world = new();

    public static TheoryData<string> Settings => ["TrustDomains:example.test:AnchorFile: ", "TrustDomains:example.test:CrlFiles:0: ", "Credential:CertificateFile: "];

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Settings))]
    public void Zero_bytes_behind_the_last_line_are_told(string setting)
    {
        var text = TextOf(setting);

        Assert.NotNull(Load(setting, Encoding.UTF8.GetBytes(text)));
        Fails(Encoding.UTF8.GetBytes(text + new string('\0', 512)), "it has zero bytes at its end");
        Fails(Encoding.UTF8.GetBytes(text.TrimEnd('\n') + '\0'), "it has zero bytes at its end");
        Fails([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text), 0, 0, 0, 0], "it has zero bytes at its end");
        Fails(Encoding.UTF8.GetBytes(new string('\0', 512) + text), "line 1 holds zero bytes");
        Fails(Encoding.UTF8.GetBytes($"{text}\n\0\0\n{text}"), $"line {text.Count(letter => letter == '\n') + 2} holds zero bytes");

        void Fails(byte[] content, string fault) => FileWorld.Refused(() => Load(setting, content), setting, fault + NotWritten);
    }

    [Fact]
    public void Zero_bytes_behind_the_last_line_keep_the_last_good_crls()
    {
        var source = (FileTrustBundleSource)Load("TrustDomains:example.test:CrlFiles:0: ", Encoding.UTF8.GetBytes(TextOf("CrlFiles")));
        var before = source.GetBundles();
        _world.Write("text", Encoding.UTF8.GetBytes(TextOf("CrlFiles") + new string('\0', 100)));

        Assert.False(source.Reload() || source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Contains("it has zero bytes at its end" + NotWritten, source.Failure, StringComparison.Ordinal);
    }

    private string TextOf(string setting) => setting switch
    {
        _ when setting.Contains("AnchorFile", StringComparison.Ordinal) => _world.World.Root.AnchorPem,
        _ when setting.Contains("CrlFiles", StringComparison.Ordinal) => FileWorld.Pem(_world.World.Root.IssueCrl([]), _world.World.Intermediate.IssueCrl([])) + "\n",
        _ => File.ReadAllText(_world.Options.Credential.CertificateFile!),
    };

    private object Load(string setting, byte[] content)
    {
        var path = _world.Write("text", content);
        if (setting.Contains("AnchorFile", StringComparison.Ordinal))
        {
            _world.Domain.AnchorFile = path;
            return _world.NewBundleSource();
        }

        if (setting.Contains("CrlFiles", StringComparison.Ordinal))
        {
            _world.Domain.CrlFiles = [path];
            return _world.NewBundleSource();
        }

        _world.Options.Credential.CertificateFile = path;
        return _world.NewCredentialSource();
    }
}
