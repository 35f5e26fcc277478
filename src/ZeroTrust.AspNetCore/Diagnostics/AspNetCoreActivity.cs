using System.Diagnostics;

namespace ZeroTrust.AspNetCore.Diagnostics;

internal static class AspNetCoreActivity
{
    public static readonly ActivitySource Source = new(AspNetCoreTelemetry.ActivitySourceName);
}
