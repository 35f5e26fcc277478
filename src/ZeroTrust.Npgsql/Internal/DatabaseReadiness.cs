using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Asks the database again and again whether it is there, one question at a time, and tells readiness.</summary>
internal sealed class DatabaseReadiness(
    NpgsqlDataSource source, IOptions<RowLevelSecurityOptions> options, IEnumerable<IReadinessSignal> signals, TimeProvider time) : BackgroundService
{
    private const string Dependency = "npgsql.database";

    private readonly IReadinessSignal[] _signals = [.. signals];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_signals.Length > 0)
        {
            var question = AskAsync(stoppingToken);
            var fault = await AnswerAsync(question, stoppingToken).ConfigureAwait(false);
            foreach (var signal in _signals)
            {
                signal.Report(Dependency, fault is null ? DependencyState.Ready : DependencyState.NotReady, fault);
            }

            // One that does not end is not asked again meanwhile.
            await question.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Jittered(options.Value.ReadinessInterval), time, stoppingToken).ConfigureAwait(false);
        }
    }

    // Up to a tenth shorter, so that replicas started together do not ask together.
    private static TimeSpan Jittered(TimeSpan interval) => interval * (1 - (RandomNumberGenerator.GetInt32(100) / 1000d));

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
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
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
}
