using Microsoft.AspNetCore.SignalR;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>Says for whom a connection was made.</summary>
internal sealed class WhoHub : Hub
{
    public string Who() => Context.UserIdentifier ?? "nobody";
}
