namespace ZeroTrust.Tool;

/// <summary>Something the user can put right: the message names the file or the option.</summary>
internal sealed class ToolException(string message, Exception? inner = null) : Exception(message, inner);
