namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// The mark of a call whose refusal was logged and counted; it stays for the rest of the call, so that the call is not told as served too.
/// </summary>
internal sealed class ReportedRefusal
{
    public static readonly ReportedRefusal Mark = new();
}
