using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Npgsql.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Asks the database again and again whether it is there, one question at a time, and tells readiness.</summary>
internal sealed class DatabaseReadiness(
    NpgsqlDataSource source, IOptions<RowLevelSecurityOptions> options, IEnumerable<IReadinessSignal> signals, TimeProvider time,
    ILogger<DatabaseReadiness> logger) : BackgroundService
{
    private const string Dependency = "npgsql.database";

    private const double JitterPart = 0.1;

    private readonly ReadinessReporter _readiness = new(signals, EventsOf(new BoundedLogger(logger)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_readiness.HasSignals && !stoppingToken.IsCancellationRequested)
        {
            var question = AskAsync(stoppingToken);
            var fault = await AnswerAsync(question, stoppingToken).ConfigureAwait(false);

            // Also where a host that failed to start disposes what it did not stop: an end, no failure, and nothing about the database.
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            _readiness.Report(Dependency, fault is null ? DependencyState.Ready : DependencyState.NotReady, fault, isHeartbeat: true);

            // One that does not end is not asked again meanwhile.
            await question.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Jitter.Shorten(options.Value.ReadinessInterval, JitterPart), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>What is wrong; null when the database answered in time.</returns>
    private async Task<string?> AnswerAsync(Task question, CancellationToken stoppingToken)
    {
        try
        {
            await question.WaitAsync(options.Value.ReadinessTimeout, time, stoppingToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return "timeout";
        }
        catch (Exception exception)
        {
            // Not the message: it may name hosts and users.
            return (exception as PostgresException)?.SqlState ?? exception.GetType().FullName;
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.ReadinessTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        var command = source.CreateCommand("SELECT 1");
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteScalarAsync(either.Token).ConfigureAwait(false);
        }
    }

    private static WatchEvents EventsOf(BoundedLogger logger) => new()
    {
        SignalFailed = (dependency, exception) => Log.ReadinessSignalFailed(logger, dependency, exception),
    };
}
