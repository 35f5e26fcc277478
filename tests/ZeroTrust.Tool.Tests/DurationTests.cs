using ZeroTrust.Tool.Verify;

namespace ZeroTrust.Tool.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("30m", "00:30:00")]
    [InlineData("24h", "1.00:00:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("1.12:00:00", "1.12:00:00")]
    [InlineData("00:30:00", "00:30:00")]
    public void Duration_is_read(string text, string expected)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(expected, duration.ToString("c"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("24")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("100001d")]
    [InlineData("24 h")]
    [InlineData("one:two")]
    public void Anything_else_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));
}
