using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Tests;

public sealed class FileTokenServiceKeySourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zt-keys-").FullName;
    private readonly FakeLogCollector _logs = new();
    private readonly TokenService _first = new("first");
    private readonly TokenService _second = new("second");

    private string File => Path.Combine(_folder, "keys.json");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Keys_are_read_and_stay_the_same_object_until_they_change()
    {
        Write(TokenService.Document(_first));
        var source = Create();
        var keys = source.GetKeys(TokenService.Issuer);
        var token = source.GetReloadToken(TokenService.Issuer);

        Assert.Equal("first", Assert.Single(keys!.Keys).KeyId);
        Assert.False(source.Reload());
        Assert.Same(keys, source.GetKeys(TokenService.Issuer));
        Assert.False(token.HasChanged);

        Write(TokenService.Document(_first, _second));
        Assert.True(source.Reload());
        Assert.Equal(2, source.GetKeys(TokenService.Issuer)!.Keys.Count);
        Assert.True(token.HasChanged);
        Assert.False(source.GetReloadToken(TokenService.Issuer).HasChanged);
        Assert.Null(source.GetKeys("https://other.example.test"));
        Assert.False(source.GetReloadToken("https://other.example.test").HasChanged);
    }

    [Fact]
    public void Fewer_keys_are_doubted_and_told_with_their_numbers()
    {
        Write(TokenService.Document(_first, _second));
        var source = Create();
        Write(TokenService.Document(_first));

        var file = Assert.Single(source.Files);
        Assert.Equal(10, Enumerable.Range(0, 15).TakeWhile(_ =>
        {
            file.Watch.Look();
            return source.GetKeys(TokenService.Issuer)!.Keys.Count == 2;
        }).Count());

        var told = _logs.GetSnapshot();
        Assert.Contains("1 keys in place of 2: they are taken once", Assert.Single(told, record => record.Id.Name == "TokenServiceKeysUnreadable").Message, StringComparison.Ordinal);
        var shrank = Assert.Single(told, record => record.Id.Name == "TokenServiceKeysShrank");
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, shrank.Level);
        Assert.Contains("has fewer keys than before: 1 keys in place of 2", shrank.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_the_same_length_is_seen()
    {
        using var other = new TokenService("FIRST");
        Write(TokenService.Document(_first));
        var source = Create();

        Write(TokenService.Document(other));

        Assert.True(source.Reload());
        Assert.Equal("FIRST", Assert.Single(source.GetKeys(TokenService.Issuer)!.Keys).KeyId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData(null)]
    public void A_bad_reload_keeps_the_last_good_keys_and_is_told_once(string? bad)
    {
        Write(TokenService.Document(_first));
        var source = Create();
        var keys = source.GetKeys(TokenService.Issuer);

        if (bad is null)
        {
            System.IO.File.Delete(File);
        }
        else
        {
            Write(bad);
        }

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(keys, source.GetKeys(TokenService.Issuer));
        Assert.Single(Told("TokenServiceKeysUnreadable"));

        Write(TokenService.Document(_second));
        Assert.True(source.Reload());
        Assert.Equal("second", Assert.Single(source.GetKeys(TokenService.Issuer)!.Keys).KeyId);
    }

    [Fact]
    public void A_file_that_comes_back_is_told_again_when_it_goes_again()
    {
        var document = TokenService.Document(_first);
        Write(document);
        var source = Create();

        for (var i = 0; i < 2; i++)
        {
            System.IO.File.Delete(File);
            Assert.False(source.Reload());
            Assert.False(source.Reload());
            Write(document);
            Assert.False(source.Reload());
        }

        Assert.Equal(2, Told("TokenServiceKeysUnreadable").Count);
    }

    [Fact]
    public void A_file_that_comes_late_ends_the_outage()
    {
        var source = Create();
        Assert.Null(source.GetKeys(TokenService.Issuer));
        Assert.Contains("there are none yet, and roots of the service are refused. ", Assert.Single(Told("TokenServiceKeysUnreadable")).Message, StringComparison.Ordinal);

        Write(TokenService.Document(_first));
        Assert.True(source.Reload());
        Assert.NotNull(source.GetKeys(TokenService.Issuer));

        Write("none");
        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Contains("the last good ones stay. ", Told("TokenServiceKeysUnreadable")[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_cannot_verify_are_left_out_and_told()
    {
        Write("""{"keys":[{"kty":"oct","k":"AAAA","kid":"secret"},{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"other"}]}""");
        var source = Create();

        Assert.Empty(source.GetKeys(TokenService.Issuer)!.Keys);
        Assert.Equal(["jose.private_key_published", "jose.key_unsupported"], Told("TokenServiceKeyIgnored").Select(record => record.GetStructuredStateValue("ErrorType")), StringComparer.Ordinal);
    }

    [Fact]
    public void A_file_larger_than_a_set_may_be_is_refused()
    {
        var document = TokenService.Document(_first);
        Write(document + new string(' ', Jose.JsonWebKeySet.MaxBytes - document.Length));
        Assert.NotNull(Create().GetKeys(TokenService.Issuer));

        Write(document + new string(' ', Jose.JsonWebKeySet.MaxBytes + 1 - document.Length));
        Assert.Null(Create().GetKeys(TokenService.Issuer));
    }

    [Fact]
    public void A_service_without_file_is_the_operators_fault()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Create(file: null));

        Assert.Equal("ZeroTrust:Authz:TokenServices:0:KeysFile: is required", Assert.Single(exception.Failures));
    }

    [Fact]
    public async Task The_host_reads_the_file_before_it_listens_and_again_when_it_changes()
    {
        using var mesh = new TestMesh();
        Write(TokenService.Document(_first));
        using var service = new TestService(mesh, mesh.Orders, options => options.TokenServices.Add(Service(File)));
        var polling = service.Provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single(hosted => hosted.GetType().Assembly == typeof(AuthzContext).Assembly);
        await polling.StartingAsync(TestContext.Current.CancellationToken);
        var source = service.Provider.GetRequiredService<ITokenServiceKeySource>();
        Assert.NotNull(source.GetKeys(TokenService.Issuer));

        var changed = new TaskCompletionSource();
        using var registration = source.GetReloadToken(TokenService.Issuer).RegisterChangeCallback(_ => changed.TrySetResult(), state: null);
        Write(TokenService.Document(_second));
        mesh.Time.Advance(TimeSpan.FromSeconds(1));
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("second", Assert.Single(source.GetKeys(TokenService.Issuer)!.Keys).KeyId);
        await polling.StoppedAsync(TestContext.Current.CancellationToken);
    }

    private static TokenServiceOptions Service(string? file) => new()
    {
        Issuer = TokenService.Issuer,
        KeysFile = file,
        Tenants = ["acme"],
        SubjectKinds = [SubjectKind.User],
    };

    private IReadOnlyList<FakeLogRecord> Told(string eventName) => [.. _logs.GetSnapshot().Where(record => record.Id.Name == eventName)];

    // As orchestrators do it: another file in the place of the old one.
    private void Write(string document)
    {
        var next = File + ".next";
        System.IO.File.WriteAllText(next, document);
        System.IO.File.Move(next, File, overwrite: true);
    }

    private FileTokenServiceKeySource Create() => Create(File);

    private FileTokenServiceKeySource Create(string? file)
    {
        var options = new AuthzOptions();
        options.TokenServices.Add(Service(file));
        return new FileTokenServiceKeySource(Options.Create(options), new FakeLogger<FileTokenServiceKeySource>(_logs));
    }
}
