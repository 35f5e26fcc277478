using System.Diagnostics;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Tests;

/// <summary>Who can write a JWK Set signs for everybody: its file is root's, the service's, or of a user that code names.</summary>
public sealed class TokenServiceKeyOwnerTests : IDisposable
{
    private const string Somebody = "12345";

    private readonly string _folder = Directory.CreateTempSubdirectory("zt-keys-").FullName;
    private readonly TokenService _service = new();

    public TokenServiceKeyOwnerTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can give files away.");
        File.WriteAllText(KeysFile, TokenService.Document(_service));
    }

    private string KeysFile => Path.Combine(_folder, "keys.json");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _service.Dispose();
    }

    [Fact]
    public void A_file_of_another_user_is_not_read()
    {
        Give(KeysFile, Somebody);

        Assert.Null(Create().GetKeys(TokenService.Issuer));
    }

    [Fact]
    public void Code_may_name_the_user()
    {
        Give(KeysFile, Somebody);
        Give(_folder, Somebody);

        Assert.NotNull(Create(new Weakening("mtls.file_owner:" + Somebody, "the host's user of the bind mount")).GetKeys(TokenService.Issuer));
    }

    [Fact]
    public void A_user_that_code_does_not_name_stays_refused()
    {
        Give(KeysFile, "12346");

        Assert.Null(Create(new Weakening("mtls.file_owner:" + Somebody, "the host's user of the bind mount")).GetKeys(TokenService.Issuer));
    }

    [Fact]
    public void A_file_of_root_is_read() => Assert.NotNull(Create().GetKeys(TokenService.Issuer));

    private static void Give(string path, string user)
    {
        using var process = Process.Start("chown", [user, path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private FileTokenServiceKeySource Create(params Weakening[] weakenings)
    {
        var options = new AuthzOptions();
        options.TokenServices.Add(new TokenServiceOptions { Issuer = TokenService.Issuer, KeysFile = KeysFile });
        return new FileTokenServiceKeySource(Options.Create(options), new FakeLogger<FileTokenServiceKeySource>(), mtls: null, weakenings);
    }
}
