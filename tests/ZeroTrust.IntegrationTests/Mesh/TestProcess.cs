using ZeroTrust.HealthChecks;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>What a process is that runs tests.</summary>
internal static class TestProcess
{
    private const string Reason = "The process of a test, open for its runner and its debugger.";

    public static IZeroTrustBuilder InTestProcess(this IZeroTrustBuilder builder) => builder.DangerousHealthChecks(dangers => dangers
        .AllowDiagnostics(DiagnosticsExposure.DiagnosticPort, Reason)
        .AllowDiagnostics(DiagnosticsExposure.DebuggerPipe, Reason));
}
