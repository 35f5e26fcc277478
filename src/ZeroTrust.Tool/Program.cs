using ZeroTrust.Tool;

return await ToolCommands.RunAsync(args, ToolConsole.OfThisProcess()).ConfigureAwait(false);
