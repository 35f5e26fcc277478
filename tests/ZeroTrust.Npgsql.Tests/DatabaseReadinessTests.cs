using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

public sealed class DatabaseReadinessTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_database_that_goes_and_comes_back_is_told()
    {
        server.Require();
        var database = server.CreateDatabase();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
        var signal = new Signal();
        using var readiness = Watch(source, signal);
        await readiness.StartAsync(TestContext.Current.CancellationToken);
        await signal.ReachesAsync(DependencyState.Ready);

        PostgresProcess.Execute(
            server.ConnectionString(), $"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
        await signal.ReachesAsync(DependencyState.NotReady);

        PostgresProcess.Execute(server.ConnectionString(), $"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true");
        await signal.ReachesAsync(DependencyState.Ready);
        await readiness.StopAsync(TestContext.Current.CancellationToken);

        Assert.All(signal.Reports, report => Assert.Equal("npgsql.database", report.Dependency));
        Assert.All(signal.Reports, report => Assert.DoesNotContain(database, report.Reason ?? string.Empty, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_not_ready_at_its_deadline()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={((System.Net.IPEndPoint)silent.LocalEndpoint).Port};Database=none;Username=nobody;Timeout=0");
        var signal = new Signal();
        using var readiness = Watch(source, signal);

        await readiness.StartAsync(TestContext.Current.CancellationToken);
        await signal.ReachesAsync(DependencyState.NotReady);
        await readiness.StopAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(signal.Reports, report => report.State == DependencyState.Ready);
    }

    private static DatabaseReadiness Watch(NpgsqlDataSource source, Signal signal) => new(
        source,
        Options.Create(new RowLevelSecurityOptions { ReadinessInterval = TimeSpan.FromMilliseconds(100), ReadinessTimeout = TimeSpan.FromMilliseconds(500) }),
        [signal],
        TimeProvider.System,
        NullLogger<DatabaseReadiness>.Instance);

    private sealed class Signal : IReadinessSignal
    {
        private readonly ConcurrentQueue<(string Dependency, DependencyState State, string? Reason)> _reports = new();

        public IReadOnlyCollection<(string Dependency, DependencyState State, string? Reason)> Reports => _reports;

        public void Report(string dependency, DependencyState state, string? reason = null) => _reports.Enqueue((dependency, state, reason));

        public async Task ReachesAsync(DependencyState state)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(Patience);
            while (_reports.IsEmpty || _reports.Last().State != state)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
            }
        }
    }
}
