using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.ConformanceTests;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>A service on Kestrel with nothing but the settings file, and what its metrics tell of each peer.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private const string Accepted = "accepted";
    private const string FailedByTls = "mtls.handshake_invalid";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly WebApplication _application;
    private readonly MeterListener _listener = new();
    private readonly Channel<string> _verdicts = Channel.CreateUnbounded<string>();

    private RunningService(WebApplication application)
    {
        _application = application;
        var meters = application.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "zerotrust.aspnetcore.peers" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var code = Accepted;
            foreach (var (key, value) in tags)
            {
                code = key == "error.type" ? (string)value! : code;
            }

            _verdicts.Writer.TryWrite(code);
        });
        _listener.Start();
    }

    public static async Task<RunningService> StartAsync(string settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddJsonFile(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddZeroTrust().AddMtls().AddListeners();
        var application = builder.Build();
        application.UseListenerGuard();
        application.UsePeerCurrency();
        application.UseForwardedCertificates();
        application.UseRouting();
        application.UseAuthorization();
        application.MapGet("/", () => "hello").AllowPublic("for the test");
        var service = new RunningService(application);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>
    /// Lets a client connect that presents this, and tells the service's verdict on it; null where openssl cannot present it.
    /// </summary>
    public async Task<string?> AcceptAsync(PeerCase peer, string folder)
    {
        using var deadline = Deadline();
        var port = _application.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh").Port;
        await using var openssl = OpenSsl.Connect(port, peer.WriteTo(folder), deadline.Token);
        await openssl.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r");
        var told = _verdicts.Reader.WaitToReadAsync(deadline.Token).AsTask();
        await Task.WhenAny(told, openssl.Exited);
        if (!told.IsCompleted)
        {
            // It has ended by itself: without a connection where it could not load the certificate.
            deadline.CancelAfter(Grace);
        }

        try
        {
            await told;
            return await _verdicts.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (openssl.Exited.IsCompleted)
        {
            return null;
        }
    }

    /// <summary>Calls a server that presents this, and tells the service's verdict on it; null where openssl cannot present it.</summary>
    public async Task<string?> CallAsync(string server, PeerCase peer, string folder)
    {
        using var deadline = Deadline();
        await using var openssl = OpenSsl.Listen([.. peer.WriteTo(folder), "-www"], deadline.Token);
        if (await openssl.ReadPortAsync(deadline.Token) is not { } port)
        {
            return null;
        }

        using var client = new HttpClient(_application.Services.GetRequiredService<MtlsHandlerFactory>().Create(server));
        try
        {
            using var answer = await client.GetAsync(new Uri($"https://127.0.0.1:{port}/"), deadline.Token);
            return answer.StatusCode == HttpStatusCode.OK ? Accepted : answer.StatusCode.ToString();
        }
        catch (RejectionException refusal)
        {
            return refusal.Rejection.Code;
        }
        catch (HttpRequestException)
        {
            // TLS failed before there was a verdict, which a client tells as that, without a code.
            return FailedByTls;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _application.DisposeAsync();
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        return deadline;
    }
}
