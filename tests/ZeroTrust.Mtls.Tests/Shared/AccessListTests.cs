using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

public sealed class AccessListTests
{
    private const uint Read = 0x1;
    private const uint Write = 0x2;
    private const uint AttributesAlone = 0x80 | 0x20000;

    public static TheoryData<string> Cuts => ["", "version", "header", "half", "tag", "rights", "no owner", "no group", "no other", "no mask", "two masks"];

    [Theory]
    [InlineData("u::rw,g::r,o::r", 0x20, "")]
    [InlineData("u::rw,u:65534:rw,g::r,m::rw,o::r", 0x20, "the user 65534 writes")]
    [InlineData("u::rw,u:65534:rw,g::rw,m::r,o::r", 0x20, "the user 65534 reads")]
    [InlineData("u::rw,u:65534:w,g::r,m::r,o::r", 0x20, "")]
    [InlineData("u::rw,u:1:r,u:2:rw,g::,g:3:rwx,m::rwx,o::", 0x00, "the user 1 reads, the user 2 writes, the group 3 writes")]
    public void Entries_have_what_the_mask_leaves_them(string entries, int group, string told)
    {
        var list = PosixAccessList.Parse(Acl.Parse(entries))!;

        Assert.Equal(told, Acl.Told(list));
        Assert.Equal((UnixFileMode)group, list.Group);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_list_that_Linux_does_not_write_is_not_understood(string flaw)
    {
        var whole = Acl.Parse("u::rw,u:65534:r,g::r,m::r,o::r");
        byte[] content = flaw switch
        {
            "" => [],
            "version" => [3, .. whole[1..]],
            "header" => whole[..3],
            "half" => whole[..^3],
            "tag" => Acl.Encode((0x01, 6, 0), (0x04, 4, 0), (0x20, 4, 0), (0x40, 7, 0)),
            "rights" => Acl.Encode((0x01, 6, 0), (0x04, 8, 0), (0x20, 4, 0)),
            "no owner" => Acl.Parse("g::r,o::r"),
            "no group" => Acl.Parse("u::r,o::r"),
            "no other" => Acl.Parse("u::r,g::r"),
            "no mask" => Acl.Parse("u::rw,u:65534:rw,g::r,o::r"),
            _ => Acl.Parse("u::rw,u:65534:rw,g::r,m::r,m::rw,o::r"),
        };

        Assert.Null(PosixAccessList.Parse(content));
    }

    [Fact]
    public void A_list_that_is_not_understood_lets_nobody_pass()
    {
        var status = new FileStatus(FileStatus.RegularFile, UnixFileMode.UserRead, 0, 0);

        Assert.Contains("not understood", AccessList.Unread.WriteFaultOf(status, []), StringComparison.Ordinal);
        Assert.Contains("not understood", AccessList.Unread.UseFaultOf(status), StringComparison.Ordinal);
        Assert.Null(AccessList.None.WriteFaultOf(status, []));
        Assert.Null(AccessList.None.UseFaultOf(status));
    }

    [Fact]
    public void A_list_that_the_system_does_not_give_lets_nobody_pass()
    {
        var status = new FileStatus(FileStatus.RegularFile, UnixFileMode.UserRead, 0, 0);

        Assert.Equal(
            "has an access control list that cannot be read: system.posix_acl_access: Permission denied",
            AccessList.Of(static name => throw new IOException($"{name}: Permission denied")).WriteFaultOf(status, []));
        Assert.Same(AccessList.None, AccessList.Of(static _ => null));
        Assert.Same(AccessList.Unread, AccessList.Of(static _ => [2, 0, 0]));
    }

    [Fact]
    public void The_list_of_a_file_server_is_asked_where_Linux_keeps_none()
    {
        var list = AccessList.Of(static name => name == "system.nfs4_acl" ? Acl.EncodeNfs4((0, 0, Write, "alice@example.test")) : null);

        Assert.Equal(
            "has an access control list that lets the user alice@example.test write (nfs4_setfacl takes the entry off)",
            list.WriteFaultOf(new FileStatus(FileStatus.RegularFile, UnixFileMode.UserRead, 0, 0), []));
    }

    [Theory]
    [InlineData("alice@example.test", 0u, 0u, Write, "the user alice@example.test writes", 0)]
    [InlineData("65534", 0u, 0u, 0x40u, "the user 65534 writes", 0)]
    [InlineData("65534", 0u, 0u, 0x40000u, "the user 65534 writes", 0)]
    [InlineData("staff@example.test", 0u, 0x40u, Read, "the group staff@example.test reads", 0)]
    [InlineData("65534", 0u, 0u, AttributesAlone, "", 0)]
    [InlineData("65534", 1u, 0u, Write, "", 0)]
    [InlineData("65534", 0u, 0x8u | 0x1u, Write, "", 0)]
    [InlineData("OWNER@", 0u, 0u, Read | Write, "", 0)]
    [InlineData("GROUP@", 0u, 0x40u, Read | Write, "", 0x30)]
    [InlineData("EVERYONE@", 0u, 0u, Write, "", 0x02)]
    public void The_list_of_a_file_server_is_read(string name, uint type, uint flags, uint mask, string told, int further)
    {
        var list = Nfs4AccessList.Parse(Acl.EncodeNfs4((0, 0, Read | Write, "OWNER@"), (type, flags, mask, name)))!;

        Assert.Equal(told, Acl.Told(list));
        Assert.Equal((UnixFileMode)further, list.Further);
    }

    [Fact]
    public void The_list_of_a_file_server_that_is_cut_anywhere_is_not_understood()
    {
        var whole = Acl.EncodeNfs4((0, 0, Read, "OWNER@"), (0, 0, Write, "alice@example.test"));

        Assert.NotNull(Nfs4AccessList.Parse(whole));
        Assert.Null(Nfs4AccessList.Parse([.. whole, 0]));
        Assert.Null(Nfs4AccessList.Parse(Acl.EncodeNfs4((4, 0, Write, "65534"))));
        Assert.Null(Nfs4AccessList.Parse([0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Null(Nfs4AccessList.Parse([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 0]));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Nfs4AccessList.Parse(whole.AsSpan(0, length)));
        }
    }
}
