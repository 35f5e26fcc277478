namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Keys under which the middleware leave a mark on the application builder, so that a forgotten or misplaced one is found at start.</summary>
internal static class PipelineMark
{
    public const string HeadersStripped = "__ZeroTrust.ContextHeadersStripped";

    public const string ContextRead = "__ZeroTrust.ContextRead";
}
