using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Authentication;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>
/// A bounded number of orders, sent by a few workers over hand-written connections. Nothing retries: a call that was written
/// on an established connection and got no whole answer counts as lost.
/// </summary>
internal sealed class Load(Outsider client, int port, string path, string order, IReadOnlyDictionary<string, string> headers)
{
    private const int MaxCalls = 4_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<int, int> _answers = new();
    private readonly ConcurrentDictionary<string, string> _leaves = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _failures = new();
    private int _calls;
    private int _refused;
    private volatile bool _stopped;

    /// <summary>Answers with this status.</summary>
    public int Answered(int status) => _answers.GetValueOrDefault(status);

    public int AnsweredInAll => _answers.Values.Sum();

    /// <summary>Calls that were sent and not answered.</summary>
    public int Lost => _failures.Count;

    /// <summary>Connections that could not be established.</summary>
    public int Refused => _refused;

    /// <summary>Server certificates that connections were shown, by SHA-256.</summary>
    public bool Saw(string leaf) => _leaves.ContainsKey(leaf);

    public string Summary => string.Join(", ", _answers.OrderBy(static pair => pair.Key)
        .Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} × {pair.Key}")))
        + (_failures.TryPeek(out var failure) ? $", first loss: {failure}" : "");

    /// <summary>Starts workers that keep their connection, and workers that take a new one for every call.</summary>
    /// <remarks><c>mayConnect</c> is asked before each new connection: a balancer sends none to a service that is not ready.</remarks>
    public Task RunAsync(int keeping, int renewing, Func<bool> mayConnect, CancellationToken cancellationToken) => Task.WhenAll(
        Enumerable.Range(0, keeping + renewing).Select(worker => Task.Run(
            () => WorkAsync(worker < keeping, mayConnect, cancellationToken), cancellationToken)));

    /// <summary>Workers end after the call they are at.</summary>
    public void Stop() => _stopped = true;

    private async Task WorkAsync(bool keep, Func<bool> mayConnect, CancellationToken cancellationToken)
    {
        RawConnection? connection = null;
        try
        {
            while (!_stopped && Interlocked.Increment(ref _calls) <= MaxCalls)
            {
                if (connection is null)
                {
                    if (!mayConnect())
                    {
                        return;
                    }

                    connection = await OpenAsync(cancellationToken);
                    if (connection is null)
                    {
                        return;
                    }
                }

                var answered = await CallAsync(connection, cancellationToken);
                if (!answered || connection.Closing || !keep)
                {
                    await connection.DisposeAsync();
                    connection = null;
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<RawConnection?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await RawConnection.OpenAsync(client, port, cancellationToken);
            _leaves.TryAdd(connection.ServerLeaf, "");
            return connection;
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or AuthenticationException)
        {
            Interlocked.Increment(ref _refused);
            return null;
        }
    }

    private async Task<bool> CallAsync(RawConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.PostAsync(path, order, headers, cancellationToken);
            _answers.AddOrUpdate(answer.Status, 1, static (_, count) => count + 1);
            return true;
        }
        catch (IOException failure)
        {
            _failures.Enqueue(failure.Message);
            return false;
        }
    }
}
