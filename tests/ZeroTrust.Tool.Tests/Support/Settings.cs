namespace ZeroTrust.Tool.Tests.Support;

/// <summary>The settings that dev-certs printed, by service.</summary>
internal static class Settings
{
    private const string Title = "appsettings.Development.json of ";

    public static string Of(ToolRun run, string service)
    {
        var begin = run.Output.IndexOf($"{Title}{service}:", StringComparison.Ordinal) + $"{Title}{service}:".Length;
        var end = run.Output.IndexOf(Title, begin, StringComparison.Ordinal);
        return run.Output[begin..(end < 0 ? run.Output.Length : end)];
    }
}
