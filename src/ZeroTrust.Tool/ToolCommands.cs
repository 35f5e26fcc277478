using System.CommandLine;
using System.CommandLine.Help;
using ZeroTrust.Tool.DevCerts;
using ZeroTrust.Tool.Verify;

namespace ZeroTrust.Tool;

/// <summary>The command line.</summary>
internal static class ToolCommands
{
    public static async Task<int> RunAsync(string[] args, ToolConsole console, CancellationToken cancellationToken = default)
    {
        var parsed = Create(console).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            if (parsed.Errors.Count > 0 && VerifyCommand.WritesJson(parsed))
            {
                throw new ToolException(string.Join(' ', parsed.Errors.Select(error => error.Message)));
            }

            var code = await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCode.Failed : code;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("cancelled").ConfigureAwait(false);
            return ExitCode.Cancelled;
        }
        catch (ToolException exception)
        {
            await console.Error.WriteLineAsync("error: " + exception.Message).ConfigureAwait(false);
            if (VerifyCommand.WritesJson(parsed))
            {
                await VerifyCommand.WriteFailureAsync(exception.Message, console).ConfigureAwait(false);
            }

            return ExitCode.Failed;
        }
    }

    private static Command Create(ToolConsole console) => new("zerotrust", "Certificates for development, and verdicts explained.")
    {
        new HelpOption(),
        new VersionOption(),
        DevCertsCommand.Create(console),
        VerifyCommand.Create(console),
    };
}
