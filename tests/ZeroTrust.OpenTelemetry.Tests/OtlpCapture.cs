using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.OpenTelemetry.Tests;

/// <summary>An OTLP/HTTP receiver that keeps the bytes.</summary>
public sealed class OtlpCapture : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = new();
    private readonly WebApplication _app;

    private OtlpCapture()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _requests.Enqueue((context.Request.Path.Value!, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public Uri Address => new(_app.Urls.Single());

    public Uri Traces => new(Address, "v1/traces");

    public Uri Logs => new(Address, "v1/logs");

    public Uri Metrics => new(Address, "v1/metrics");

    public static async Task<OtlpCapture> StartAsync()
    {
        var capture = new OtlpCapture();
        await capture._app.StartAsync(TestContext.Current.CancellationToken);
        return capture;
    }

    /// <summary>Everything received for one signal, as text: protobuf writes strings as plain UTF-8.</summary>
    public string Received(string signal) =>
        string.Concat(_requests.Where(request => request.Path == "/v1/" + signal).Select(static request => Encoding.UTF8.GetString(request.Body)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
