using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>Files that hold less than before: half written, or meant.</summary>
public sealed class DoubtedChangeTests : IDisposable
{
    private const int Looks = 10;

    private readonly FileWorld _world = new();
    private readonly TestCertificateAuthority _other;
    private readonly string _both;

    public DoubtedChangeTests()
    {
        _other = TestCertificateAuthority.Create("other", _world.World.Time);
        _both = $"{Pem(_world.World.Root)}\n{Pem(_other)}\n";
        Anchor(_both);
    }

    public void Dispose()
    {
        _other.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void Fewer_anchors_are_taken_once_they_have_stayed_so()
    {
        var source = _world.NewBundleSource();
        Anchor(Pem(_world.World.Root));

        for (var look = 0; look < Looks; look++)
        {
            Assert.False(source.Poll());
            Assert.Equal(2, Count(source));
            Assert.Contains("1 of 2 anchors are left, 0 are new: they are taken once they have stayed so for 10 looks", source.Failure, StringComparison.Ordinal);
        }

        Assert.True(source.Poll());
        Assert.Equal(1, Count(source));
        Assert.Null(source.Failure);
        Assert.Equal(LogLevel.Warning, Assert.Single(_world.Told("SourceDoubted")).Level);
        Assert.Contains("1 of 2 anchors are left", Assert.Single(_world.Told("SourceShrank")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_anchors_altogether_are_taken_once_they_have_stayed_so()
    {
        Anchor(Pem(_world.World.Root));
        var source = _world.NewBundleSource();
        Anchor(Pem(_other));

        Assert.Equal(Looks, Enumerable.Range(0, Looks + 5).TakeWhile(_ => !source.Poll()).Count());
        Assert.Contains("0 of 1 anchors are left, 1 are new", Assert.Single(_world.Told("SourceShrank")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_written_slowly_is_never_taken_in_part()
    {
        var source = _world.NewBundleSource();
        for (var length = 0; length < _both.Length; length += 7)
        {
            Anchor(_both[..length]);
            source.Poll();
            source.Poll();
            Assert.Equal(2, Count(source));
        }

        Anchor(_both);
        source.Poll();
        Assert.Null(source.Failure);
        Assert.Equal(2, Count(source));
        Assert.Empty(_world.Told("SourceShrank"));
    }

    [Fact]
    public void More_anchors_and_a_rotation_are_taken_at_once()
    {
        Anchor(Pem(_world.World.Root));
        var source = _world.NewBundleSource();
        using var third = TestCertificateAuthority.Create("third", _world.World.Time);

        Anchor(_both);
        Assert.True(source.Poll());
        Anchor($"{Pem(_other)}\n{Pem(third)}\n");
        Assert.True(source.Poll());
        Assert.Empty(_world.Told("SourceDoubted"));
    }

    [Fact]
    public void Who_asks_for_a_reload_gets_what_is_there()
    {
        var source = _world.NewBundleSource();
        Anchor(Pem(_other));

        Assert.True(source.Reload());
        Assert.Equal(1, Count(source));
        Assert.Single(_world.Told("SourceShrank"));
    }

    [Fact]
    public void What_changes_while_it_is_awaited_is_awaited_anew()
    {
        var source = _world.NewBundleSource();
        for (var look = 0; look < 3 * Looks; look++)
        {
            Anchor($"# {look / 5}\n{Pem(_world.World.Root)}");
            Assert.False(source.Poll());
        }

        Assert.Equal(2, Count(source));
        Anchor(_both);
        Assert.False(source.Poll());
        Assert.Null(source.Failure);
    }

    [Fact]
    public void A_chain_that_lost_its_intermediates_is_awaited_too()
    {
        var source = _world.NewCredentialSource();
        var before = source.GetCredential();
        File.WriteAllText(_world.Options.Credential.CertificateFile!, _world.Current.Certificate.ExportCertificatePem());

        Assert.Equal(Looks, Enumerable.Range(0, Looks + 5).TakeWhile(_ => !source.Poll() && source.GetCredential() == before).Count());
        Assert.Contains("0 intermediates in place of 1", Assert.Single(_world.Told("SourceShrank")).Message, StringComparison.Ordinal);
    }

    private static int Count(FileTrustBundleSource source) => Assert.Single(source.GetBundles()).Anchors.Count;

    private static string Pem(TestCertificateAuthority authority) => authority.Certificate.ExportCertificatePem();

    private void Anchor(string text) => File.WriteAllText(_world.Domain.AnchorFile!, text);
}
