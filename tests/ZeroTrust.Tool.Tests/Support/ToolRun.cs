using System.Text;
using System.Text.Json;

namespace ZeroTrust.Tool.Tests.Support;

/// <summary>One run of the command, in this process.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    public static async Task<ToolRun> OfAsync(TimeProvider time, string input, CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new ToolConsole(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), time, _ => { });
        var code = await ToolCommands.RunAsync(args, console, cancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    public static Task<ToolRun> OfAsync(TimeProvider time, params string[] args) =>
        OfAsync(time, string.Empty, TestContext.Current.CancellationToken, args);

    public static Task<ToolRun> OfAsync(params string[] args) => OfAsync(TimeProvider.System, args);

    public ToolRun Succeeded()
    {
        Assert.True(Code == 0, $"{Code}: {Output}{Error}");
        Assert.Empty(Error);
        return this;
    }

    /// <summary>Nothing was done, and the message names what is to blame.</summary>
    public void Failed(string because)
    {
        Assert.True(Code == 2, $"{Code}: {Output}");
        Assert.Contains(because, Error, StringComparison.Ordinal);
    }

    /// <summary>The one JSON object that was written.</summary>
    public JsonElement Json()
    {
        Assert.Empty(Error);
        return JsonElement.Parse(Output);
    }
}
