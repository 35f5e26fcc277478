using System.Diagnostics;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>Lists that give files of trust, or their folders, to others than the mode shows.</summary>
public sealed class FileAccessListTests : IDisposable
{
    private const string Anchors = "TrustDomains:example.test:AnchorFile: ";
    private const string Key = "Credential:KeyFile: ";
    private const string Somebody = "12345";
    private const string OthersMayWrite = "u::rw,u:65534:rw,g::r,m::rw,o::r";

    private readonly FileWorld _world = new();

    public FileAccessListTests() => Assert.SkipUnless(Acl.IsKept(_world.Folder), "Lists are kept by Linux, on most file systems, and given away by root.");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("u::rw,u:65534:r,g::r,m::r,o::r")]
    [InlineData("u::rw,u:65534:rwx,g::r,m::r,o::r")]
    [InlineData("u::rw,u:0:rw,g::r,m::rw,o::r")]
    [InlineData("u::rw,g:0:rw,g::r,m::rw,o::r")]
    [InlineData("u::rw,g:65534:r,g::r,m::rw,o::r")]
    public void A_file_whose_list_lets_nobody_else_write_is_read(string entries)
    {
        Give(_world.Domain.AnchorFile!, Somebody, entries);

        Assert.NotNull(_world.NewBundleSource().GetBundles());
    }

    [Theory]
    [InlineData(OthersMayWrite, "lets the user 65534 write (setfacl -x u:65534 takes the entry off)")]
    [InlineData("u::rw,u:65534:w,g::,m::w,o::", "lets the user 65534 write")]
    [InlineData("u::rw,g::r,g:65534:rw,m::rw,o::r", "lets the group 65534 write (setfacl -x g:65534 takes the entry off)")]
    [InlineData("u::rw,u:0:rw,u:65534:rw,g::r,m::rw,o::r", "lets the user 65534 write")]
    [InlineData("u::rw,u:65534:r,g::rw,m::rw,o::r", "has the mode 664, which lets the group 12345 write")]
    [InlineData("u::rw,u:65534:r,g::r,m::rw,o::rw", "has the mode 646, which lets everybody write")]
    public void A_file_whose_list_lets_somebody_else_write_is_refused(string entries, string fault)
    {
        Give(_world.Domain.AnchorFile!, Somebody, entries);

        FileWorld.Refused(_world.NewBundleSource, Anchors, fault);
    }

    [Fact]
    public void Every_kind_of_file_is_asked()
    {
        var list = _world.Options.DenyListFile = _world.Write("denied", "workload spiffe://example.test/denied\nend\n");
        _world.Domain.CrlFiles.Add(_world.Write("root.crl", FileWorld.Pem(_world.World.Root.IssueCrl([]))));
        foreach (var (file, setting) in new[] { (list, "DenyListFile: "), (_world.Domain.CrlFiles[0], "TrustDomains:example.test:CrlFiles:0: ") })
        {
            Acl.Set(file, OthersMayWrite);
            FileWorld.Refused(_world.NewBundleSource, setting, "lets the user 65534 write");
            Acl.Set(file, "u::rw,g::r,o::r");
        }

        Acl.Set(_world.Options.Credential.CertificateFile!, OthersMayWrite);
        FileWorld.Refused(_world.NewCredentialSource, "Credential:CertificateFile: ", "lets the user 65534 write");
        _world.NewBundleSource();
    }

    [Theory]
    [InlineData("u::rwx,u:65534:rwx,g::rx,m::rwx,o::rx", null)]
    [InlineData("u::rwx,g:65534:rwx,g::rx,m::rwx,o::rx", null)]
    [InlineData("u::rwx,u:65534:w,g::,m::w,o::", null)]
    [InlineData("u::rwx,u:65534:rwx,g::rx,m::rx,o::rx", "")]
    [InlineData("u::rwx,u:0:rwx,g::rx,m::rwx,o::rx", "")]
    [InlineData("u::rwx,u:65534:rwx,g::rx,m::rwx,o::rx", "sticky")]
    public void So_is_its_folder(string entries, string? accepted)
    {
        Acl.Set(_world.Folder, entries);
        if (accepted == "sticky")
        {
            Run("chmod", "+t", _world.Folder);
        }

        if (accepted is not null)
        {
            Assert.NotNull(_world.NewBundleSource().GetBundles());
            return;
        }

        Assert.Contains(
            $"the folder '{_world.Folder}' has an access control list that lets the ", FileWorld.Refused(_world.NewBundleSource, Anchors), StringComparison.Ordinal);
    }

    [Fact]
    public void So_are_the_folders_that_links_lead_through()
    {
        var volume = Directory.CreateDirectory(Path.Combine(_world.Folder, "volume")).FullName;
        _world.Domain.AnchorFile = File.CreateSymbolicLink(Path.Combine(volume, "ca.crt"), _world.Domain.AnchorFile!).FullName;
        Assert.NotNull(_world.NewBundleSource().GetBundles());

        Acl.Set(volume, "u::rwx,u:65534:rwx,g::rx,m::rwx,o::rx");
        Assert.Contains($"the folder '{volume}' has an access control list", FileWorld.Refused(_world.NewBundleSource, Anchors), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_folder_gives_to_new_files_is_asked_of_those_files()
    {
        Acl.Set(_world.Folder, "u::rwx,u:65534:rw,g::r,m::rw,o::r", Acl.Default);
        Assert.NotNull(_world.NewBundleSource().GetBundles());

        var text = File.ReadAllText(_world.Domain.AnchorFile!);
        _world.Domain.AnchorFile = Path.Combine(_world.Folder, "new.pem");
        File.WriteAllText(_world.Domain.AnchorFile, text);
        FileWorld.Refused(_world.NewBundleSource, Anchors, "lets the user 65534 write");
    }

    [Theory]
    [InlineData("u::rw,u:65534:r,g::,m::r,o::", "lets the user 65534 use it (setfacl -x u:65534 takes the entry off): a private key is for the service's user")]
    [InlineData("u::rw,u:0:r,u:65534:r,g::,m::r,o::", "lets the user 65534 use it")]
    [InlineData("u::rw,g::,g:65534:r,m::r,o::", "lets the group 65534 use it")]
    [InlineData("u::rw,u:65534:w,g::,m::rw,o::", "lets the user 65534 use it")]
    [InlineData("u::rw,u:0:r,g::rw,m::rw,o::", "has the mode 660")]
    public void A_key_whose_list_lets_others_use_it_is_refused(string entries, string fault)
    {
        Give(_world.Options.Credential.KeyFile!, "0", entries);

        FileWorld.Refused(_world.NewCredentialSource, Key, fault);
    }

    // As systemd gives a credential to the service's user: the file is root's, of the mode 0440, and the list names the user.
    [Theory]
    [InlineData("u::r,u:0:r,g::,m::r,o::")]
    [InlineData("u::rw,u:0:rw,g::r,m::rw,o::")]
    [InlineData("u::rw,u:65534:rw,g::r,m::,o::")]
    [InlineData("u::rw,g::r,o::")]
    public void A_key_whose_list_names_the_services_user_is_read(string entries)
    {
        Give(_world.Options.Credential.KeyFile!, Somebody, entries);

        Assert.NotNull(_world.NewCredentialSource().GetCredential());
    }

    [Fact]
    public void So_is_a_key_in_pkcs12()
    {
        var credential = _world.Options.Credential;
        var leaf = _world.Current.Certificate;
        (credential.PfxFile, credential.CertificateFile, credential.KeyFile) =
            (_world.Write("orders.pfx", leaf.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12)), null, null);
        Acl.Set(credential.PfxFile, "u::rw,u:65534:r,g::,m::r,o::");
        FileWorld.Refused(_world.NewCredentialSource, "Credential:PfxFile: ", "lets the user 65534 use it");

        Acl.Set(credential.PfxFile, "u::rw,u:0:r,g::,m::r,o::");
        Assert.NotNull(_world.NewCredentialSource().GetCredential());
    }

    [Fact]
    public void Code_may_allow_what_a_list_does()
    {
        var dangers = FileWorld.Dangers(dangers =>
        {
            dangers.AllowFileOwner(12345, "the host's user of the bind mount");
            dangers.AllowExposedKeyFile("a test");
        });
        Acl.Set(_world.Domain.AnchorFile!, "u::rw,u:12345:rw,g::r,m::rw,o::r");
        Acl.Set(_world.Options.Credential.KeyFile!, "u::rw,u:65534:r,g::,m::r,o::");

        Assert.NotNull(_world.NewBundleSource(dangers).GetBundles());
        Assert.NotNull(_world.NewCredentialSource(dangers).GetCredential());
        FileWorld.Refused(_world.NewBundleSource, Anchors, "lets the user 12345 write");
        Acl.Set(_world.Domain.AnchorFile!, OthersMayWrite);
        FileWorld.Refused(() => _world.NewBundleSource(dangers), Anchors, "lets the user 65534 write");
    }

    [Fact]
    public void A_file_that_a_list_gives_away_later_keeps_the_last_good_one()
    {
        var source = _world.NewBundleSource();
        var before = source.GetBundles();
        using var other = TestCertificateAuthority.Create("other", _world.World.Time);
        File.AppendAllText(_world.Domain.AnchorFile!, "\n" + other.Certificate.ExportCertificatePem());
        Acl.Set(_world.Domain.AnchorFile!, OthersMayWrite);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Contains("lets the user 65534 write", source.Failure, StringComparison.Ordinal);
    }

    private static void Give(string path, string group, string entries)
    {
        Run("chgrp", group, path);
        Acl.Set(path, entries);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
