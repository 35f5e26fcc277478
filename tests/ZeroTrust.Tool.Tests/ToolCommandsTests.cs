using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

public sealed class ToolCommandsTests
{
    [Fact]
    public async Task Help_names_the_commands()
    {
        var run = (await ToolRun.OfAsync("--help")).Succeeded();

        Assert.Contains("zerotrust [command]", run.Output, StringComparison.Ordinal);
        Assert.Contains("dev-certs", run.Output, StringComparison.Ordinal);
        Assert.Contains("verify", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line() => Assert.Single((await ToolRun.OfAsync("--version")).Succeeded().Output.Trim().Split('\n'));

    [Theory]
    [InlineData("certs")]
    [InlineData("--what")]
    public async Task Unknown_word_is_wrong_usage(string word) => (await ToolRun.OfAsync(word)).Failed(word);

    [Fact]
    public async Task No_word_is_wrong_usage() => Assert.Equal(2, (await ToolRun.OfAsync()).Code);
}
