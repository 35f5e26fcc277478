namespace ZeroTrust.Tests;

public sealed class SubjectIdTests
{
    [Theory]
    [InlineData("main/alice", SubjectKind.User)]
    [InlineData("main/system:root", SubjectKind.User)]
    [InlineData("system:spiffe://example.test/worker", SubjectKind.System)]
    [InlineData("main/alice+x@example.test", SubjectKind.User)]
    public void Kind_is_told_by_the_prefix(string text, SubjectKind kind)
    {
        Assert.True(SubjectId.TryParse(text, out var subject));
        Assert.Equal(kind, subject.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/alice")]
    [InlineData("main/alice smith")]
    [InlineData("main/alice\t")]
    [InlineData("main/\u00e9mile")]
    public void Malformed_is_refused(string text) => Assert.False(SubjectId.TryParse(text, out _));

    [Fact]
    public void Length_is_limited()
    {
        Assert.True(SubjectId.TryParse(new string('a', 256), out _));
        Assert.False(SubjectId.TryParse(new string('a', 257), out _));
    }

    [Fact]
    public void Default_has_no_kind() => Assert.Equal(SubjectKind.Unspecified, default(SubjectId).Kind);
}
