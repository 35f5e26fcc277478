namespace ZeroTrust.Tool;

// No top-level statements: ASP.NET Core's generator would make their class public.
internal static class Program
{
    public static Task<int> Main(string[] args) => ToolCommands.RunAsync(args, ToolConsole.OfThisProcess());
}
