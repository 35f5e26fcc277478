using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace ZeroTrust.ConformanceTests;

internal static class Program
{
    private const string CaseOption = "--case";
    private const string RedactionOption = "--redaction";

    /// <summary>
    /// Without arguments: judges every case, prints a line for each file, writes the report and runs the tests over the same results.
    /// With <c>--case text</c>: shows the verdicts of the cases whose id holds the text. With <c>--redaction</c>: judges and shows the redaction corpora alone. All else goes to the test runner.
    /// </summary>
    public static async Task<int> Main(string[] args)
    {
        if (args is [CaseOption, var text])
        {
            return await ConsoleView.ShowCasesAsync(Conformance.Corpora, text);
        }

        if (args is [RedactionOption])
        {
            ConsoleView.ShowRedaction(Conformance.Redaction);
            return 0;
        }

        if (args.Any(argument => argument is "--server" or "--internal-msbuild-node"))
        {
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        if (args.Length == 0)
        {
            ConsoleView.ShowRun(Conformance.Run);
            ConsoleView.ShowSignatures(Conformance.Signatures);
            ConsoleView.ShowRedaction(Conformance.Redaction);
            ConsoleView.ShowLive(await Conformance.RunLiveAsync());
        }

        return await ConsoleRunner.Run(args);
    }
}
