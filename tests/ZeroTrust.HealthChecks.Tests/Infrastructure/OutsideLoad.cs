using System.Collections.Concurrent;
using System.Net;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>Callers of a service in another process, who go on whatever they are answered and keep every outcome.</summary>
internal sealed class OutsideLoad : IDisposable
{
    private readonly ServiceProcess _service;
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient[] _clients;
    private readonly Task _callers;

    public OutsideLoad(ServiceProcess service)
    {
        _service = service;
        _clients = [service.NewClient(HttpVersion.Version11), service.NewClient(HttpVersion.Version20)];
        _callers = Task.WhenAll(_clients.SelectMany(client => Enumerable.Repeat(client, 3)).Select(client => Task.Run(() => RepeatAsync(client))));
    }

    public IReadOnlyCollection<Call> Calls => _calls;

    public async Task MakeAsync(int more)
    {
        var target = _calls.Count + more;
        await Eventually.IsTrueAsync(() => _calls.Count >= target || _callers.IsCompleted);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _callers;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task RepeatAsync(HttpClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            var (status, error) = await CallAsync(client);
            _calls.Enqueue(new Call(began, TimeProvider.System.GetTimestamp(), status, error));
        }
    }

    private async Task<(HttpStatusCode? Status, Exception? Error)> CallAsync(HttpClient client)
    {
        try
        {
            using var content = new StringContent("0123456789");
            using var response = await client.PostAsync(new Uri("/work", UriKind.Relative), content);
            var body = await response.Content.ReadAsStringAsync();
            return response.StatusCode != HttpStatusCode.OK || body == "done 10"
                ? (response.StatusCode, null)
                : (null, new InvalidDataException($"Half an answer: {body} {_service.Log}"));
        }
        catch (HttpRequestException exception)
        {
            return (null, exception);
        }
    }

    internal sealed record Call(long Began, long Ended, HttpStatusCode? Status, Exception? Error)
    {
        public bool IsWithin(long from, long to) => Began >= from && Ended <= to;
    }
}
