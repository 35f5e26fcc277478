using System.Diagnostics;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class FileOwnershipTests : IDisposable
{
    private const string Anchors = "TrustDomains:example.test:AnchorFile: ";
    private const string Somebody = "12345";

    private readonly FileWorld _world = new();

    public FileOwnershipTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can give files away.");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("0600", "0:0")]
    [InlineData("0644", "0:0")]
    [InlineData("0440", "0:" + Somebody)]
    [InlineData("0444", "0:" + Somebody)]
    [InlineData("0664", "0:0")]
    public void A_file_that_nobody_else_can_write_is_read(string mode, string owner)
    {
        Set(_world.Domain.AnchorFile!, mode, owner);

        Assert.NotNull(_world.NewBundleSource().GetBundles());
    }

    [Theory]
    [InlineData("0666", "0:0", "has the mode 666, which lets everybody write")]
    [InlineData("0646", "0:0", "has the mode 646, which lets everybody write")]
    [InlineData("0664", "0:" + Somebody, "has the mode 664, which lets the group 12345 write")]
    [InlineData("0600", Somebody + ":0", "belongs to the user 12345")]
    [InlineData("0400", Somebody + ":" + Somebody, "belongs to the user 12345")]
    public void A_file_that_somebody_else_can_write_is_refused(string mode, string owner, string fault)
    {
        Set(_world.Domain.AnchorFile!, mode, owner);

        FileWorld.Refused(_world.NewBundleSource, Anchors, fault);
    }

    [Fact]
    public void Every_kind_of_file_is_asked()
    {
        var list = _world.Options.DenyListFile = _world.Write("denied", "workload spiffe://example.test/denied\n");
        _world.Domain.CrlFiles.Add(_world.Write("root.crl", FileWorld.Pem(_world.World.Root.IssueCrl([]))));
        foreach (var (file, setting) in new[] { (list, "DenyListFile: "), (_world.Domain.CrlFiles[0], "TrustDomains:example.test:CrlFiles:0: ") })
        {
            Set(file, "0666", "0:0");
            FileWorld.Refused(_world.NewBundleSource, setting, "lets everybody write");
            Set(file, "0644", "0:0");
        }

        foreach (var (file, setting) in new[] { (_world.Options.Credential.CertificateFile!, "CertificateFile"), (_world.Options.Credential.KeyFile!, "KeyFile") })
        {
            Set(file, "0600", Somebody + ":0");
            FileWorld.Refused(_world.NewCredentialSource, $"Credential:{setting}: ", "belongs to the user 12345");
            Set(file, "0600", "0:0");
        }

        _world.NewBundleSource();
        _world.NewCredentialSource();
    }

    [Theory]
    [InlineData("0755", "0:0", true)]
    [InlineData("0775", "0:0", true)]
    [InlineData("1777", "0:0", true)]
    [InlineData("3777", "0:" + Somebody, true)]
    [InlineData("2755", "0:" + Somebody, true)]
    [InlineData("0777", "0:0", false)]
    [InlineData("0775", "0:" + Somebody, false)]
    [InlineData("2777", "0:" + Somebody, false)]
    [InlineData("0700", Somebody + ":0", false)]
    [InlineData("1777", Somebody + ":0", false)]
    public void So_is_its_folder(string mode, string owner, bool accepted)
    {
        Set(_world.Folder, mode, owner);

        Expect(accepted, "the folder '");
    }

    [Theory]
    [InlineData("3777", true)]
    [InlineData("0777", false)]
    public void So_are_the_folders_that_links_lead_through(string mode, bool accepted)
    {
        // As Kubernetes mounts a Secret or ConfigMap for a group.
        var volume = Directory.CreateDirectory(Path.Combine(_world.Folder, "volume")).FullName;
        var data = Directory.CreateDirectory(Path.Combine(volume, "..2026_12_01")).FullName;
        File.Copy(_world.Domain.AnchorFile!, Path.Combine(data, "ca.crt"));
        Set(Path.Combine(data, "ca.crt"), "0440", "0:" + Somebody);
        Set(data, "2755", "0:" + Somebody);
        File.CreateSymbolicLink(Path.Combine(volume, "..data"), "..2026_12_01");
        _world.Domain.AnchorFile = File.CreateSymbolicLink(Path.Combine(volume, "ca.crt"), "..data/ca.crt").FullName;
        Set(volume, mode, "0:" + Somebody);

        Expect(accepted, $"the folder '{volume}'");
    }

    [Theory]
    [InlineData("/etc/trust/..2026/ca.crt", true)]
    [InlineData("/etc/trust", true)]
    [InlineData("/etc/trusted", false)]
    [InlineData("/etc/trust/writable/ca.crt", false)]
    [InlineData("/etc/my trust/ca.crt", true)]
    [InlineData("/etc/over/ca.crt", false)]
    [InlineData("/etc/ca.crt", false)]
    public void What_is_mounted_for_reading_alone_is_told(string path, bool isReadOnly) => Assert.Equal(isReadOnly, ZeroTrust.Shared.ReadOnlyMounts.Hold(
        path,
        [
            "21 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=/a",
            "30 21 254:1 /var/lib/kubelet/pods/1/volumes/trust /etc/trust ro,relatime - ext4 /dev/vda1 rw",
            "31 30 0:31 / /etc/trust/writable rw - tmpfs tmpfs rw",
            "32 21 0:32 / /etc/my\\040trust nosuid,ro - tmpfs tmpfs rw",
            "33 21 0:33 / /etc/over ro - tmpfs tmpfs rw",
            "34 33 0:34 / /etc/over rw - tmpfs tmpfs ro",
            "a line of something else",
        ]));

    [Fact]
    public void A_link_in_a_folder_of_anybodys_is_refused()
    {
        var open = Directory.CreateDirectory(Path.Combine(_world.Folder, "open")).FullName;
        _world.Domain.AnchorFile = File.CreateSymbolicLink(Path.Combine(open, "ca.crt"), _world.Domain.AnchorFile!).FullName;
        Expect(accepted: true, string.Empty);
        Set(open, "0777", "0:0");

        Expect(accepted: false, $"the folder '{open}'");
    }

    [Fact]
    public void Code_may_name_an_owner()
    {
        var dangers = FileWorld.Dangers(dangers => dangers.AllowFileOwner(12345, "the host's user of the bind mount"));
        Set(_world.Folder, "0755", Somebody + ":0");
        Set(_world.Domain.AnchorFile!, "0644", Somebody + ":" + Somebody);

        Assert.NotNull(_world.NewBundleSource(dangers).GetBundles());
        Set(_world.Domain.AnchorFile!, "0644", "12346:0");
        FileWorld.Refused(() => _world.NewBundleSource(dangers), Anchors, "belongs to the user 12346");
    }

    [Theory]
    [InlineData(Somebody, true)]
    [InlineData("12346", false)]
    public void So_it_is_of_the_issuer_that_a_line_of_the_deny_list_names(string owner, bool accepted)
    {
        var dangers = FileWorld.Dangers(dangers => dangers.AllowFileOwner(12345, "the host's user of the bind mount"));
        var issuer = _world.Write("issuer.pem", _world.World.Intermediate.Certificate.ExportCertificatePem());
        Set(issuer, "0644", owner + ":0");
        _world.Options.DenyListFile = _world.Write("denied", $"serial {_world.Current.Certificate.SerialNumber} {issuer}\nend\n");

        if (accepted)
        {
            Assert.False(_world.NewBundleSource(dangers).GetBundles().Denied.IsEmpty);
        }
        else
        {
            Assert.Contains("belongs to the user 12346", FileWorld.Refused(() => _world.NewBundleSource(dangers), "DenyListFile: "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_given_away_later_keeps_the_last_good_one()
    {
        var source = _world.NewBundleSource();
        var before = source.GetBundles();
        using var other = TestCertificateAuthority.Create("other", _world.World.Time);
        File.WriteAllText(_world.Domain.AnchorFile!, other.Certificate.ExportCertificatePem());
        Set(_world.Domain.AnchorFile!, "0666", "0:0");

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Contains("lets everybody write", source.Failure, StringComparison.Ordinal);
    }

    private static void Set(string path, string mode, string owner)
    {
        foreach (var (command, value) in new[] { ("chown", owner), ("chmod", mode) })
        {
            using var process = Process.Start(command, [value, path]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    private void Expect(bool accepted, string fault)
    {
        if (accepted)
        {
            Assert.NotNull(_world.NewBundleSource().GetBundles());
        }
        else
        {
            Assert.Contains(fault, FileWorld.Refused(_world.NewBundleSource, Anchors), StringComparison.Ordinal);
        }
    }
}
