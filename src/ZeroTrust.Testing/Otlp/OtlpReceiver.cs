using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Testing;

/// <summary>Receives what services export over OTLP (HTTP with protobuf) on a loopback port, and keeps every byte of it.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<OtlpRequest> _requests = [];
    private readonly List<OtlpLogRecord> _logs = [];
    private readonly List<OtlpSpan> _spans = [];
    private readonly WebApplication _app;
    private TaskCompletionSource _arrived = NewSignal();

    private OtlpReceiver(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    /// <summary>The base address to give an exporter, for example as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> with <c>http/protobuf</c>.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1");

    /// <summary>Every export so far.</summary>
    public IReadOnlyList<OtlpRequest> Requests => Copy(_requests);

    /// <summary>Every log record so far.</summary>
    public IReadOnlyList<OtlpLogRecord> Logs => Copy(_logs);

    /// <summary>Every span so far.</summary>
    public IReadOnlyList<OtlpSpan> Spans => Copy(_spans);

    /// <summary>Starts a receiver on a free port.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken) => StartAsync(port: 0, cancellationToken);

    /// <summary>Starts a receiver.</summary>
    /// <param name="port">The port on 127.0.0.1; 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OtlpReceiver> StartAsync(int port, CancellationToken cancellationToken)
    {
        var receiver = new OtlpReceiver(port);
        await receiver._app.StartAsync(cancellationToken).ConfigureAwait(false);
        receiver.Endpoint = new Uri(receiver._app.Urls.Single());
        return receiver;
    }

    /// <summary>Waits for a log record, which may have arrived already.</summary>
    /// <param name="predicate">Which one.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It did not arrive in time; the message lists what did.</exception>
    public Task<OtlpLogRecord> WaitForLogAsync(Func<OtlpLogRecord, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken) =>
        WaitAsync(_logs, predicate, timeout, cancellationToken);

    /// <summary>Waits for a span, which may have arrived already.</summary>
    /// <param name="predicate">Which one.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It did not arrive in time; the message lists what did.</exception>
    public Task<OtlpSpan> WaitForSpanAsync(Func<OtlpSpan, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken) =>
        WaitAsync(_spans, predicate, timeout, cancellationToken);

    /// <summary>Whether any export so far holds this text as UTF-8, in any field.</summary>
    /// <param name="text">The text.</param>
    public bool Contains(string text) => Requests.Any(request => request.Contains(text));

    /// <summary>Waits until the exports so far are as wished, or the time is over.</summary>
    internal async Task WaitUntilAsync(Func<IReadOnlyList<OtlpRequest>, bool> reached, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(timeout);
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                arrived = _arrived.Task;
            }

            if (reached(Requests))
            {
                return;
            }

            try
            {
                await arrived.WaitAsync(giveUp.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReceiveAsync(HttpContext context)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/x-protobuf";
        context.Response.StatusCode = Keep(context.Request.Path.Value ?? string.Empty, body.ToArray())
            ? StatusCodes.Status200OK
            : StatusCodes.Status400BadRequest;
    }

    private bool Keep(string path, byte[] body)
    {
        TaskCompletionSource arrived;
        var readable = true;
        lock (_lock)
        {
            _requests.Add(new OtlpRequest(path, body));
            try
            {
                _logs.AddRange(path == "/v1/logs" ? OtlpParser.Logs(body) : []);
                _spans.AddRange(path == "/v1/traces" ? OtlpParser.Spans(body) : []);
            }
            catch (InvalidProtocolBufferException)
            {
                readable = false;
            }

            arrived = _arrived;
            _arrived = NewSignal();
        }

        arrived.SetResult();
        return readable;
    }

    private async Task<T> WaitAsync<T>(List<T> received, Func<T, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(predicate);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(timeout);
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (received.FirstOrDefault(predicate) is { } found)
                {
                    return found;
                }

                arrived = _arrived.Task;
            }

            try
            {
                await arrived.WaitAsync(giveUp.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Not received within {timeout}. Received:\n{string.Join('\n', Copy(received))}", exception);
            }
        }
    }

    private T[] Copy<T>(List<T> received)
    {
        lock (_lock)
        {
            return [.. received];
        }
    }
}
