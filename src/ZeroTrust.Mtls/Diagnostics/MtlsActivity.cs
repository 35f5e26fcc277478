using System.Diagnostics;

namespace ZeroTrust.Mtls.Diagnostics;

internal static class MtlsActivity
{
    public static readonly ActivitySource Source = new(MtlsTelemetry.ActivitySourceName);
}
