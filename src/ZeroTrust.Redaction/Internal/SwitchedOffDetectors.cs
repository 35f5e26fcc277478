using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Redaction.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Redaction.Internal;

/// <summary>Logs at every start which built-in detectors are switched off.</summary>
internal sealed class SwitchedOffDetectors(IOptions<RedactionOptions> options, ILoggerFactory loggers) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var logger = new QuietLogger(loggers.CreateLogger(Log.Category));
        foreach (var detector in DetectorSwitches.SwitchedOff(options.Value.Detectors))
        {
            Log.DetectorSwitchedOff(logger, detector.ToString());
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
