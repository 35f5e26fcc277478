using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a connection may write of a call, whatever the platform would have it write.</summary>
public sealed class SentCallTests
{
    private readonly ServerAudit _audit = new(NullLogger.Instance, TimeProvider.System, meterFactory: null);
    private readonly ServerStream _first = Connection();
    private readonly ServerStream _second = Connection();

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("LOCK")]
    public void A_second_head_of_a_call_that_is_sent_once_is_not_written(string method)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), "https://billing/");
        using var sent = Begin(request);
        Write(_first, $"{method} / HTTP/1.1\r\n\r\n");
        Write(_first, $"{method} is what the content says");

        var refused = Assert.Throws<HttpIOException>(() => Write(_second, $"{method} / HTTP/1.1\r\n\r\n"));

        Assert.Equal(HttpRequestError.ResponseEnded, refused.HttpRequestError);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public void A_second_head_of_an_idempotent_call_is_not_written_where_the_first_connection_never_answered(string method)
    {
        // Behind one that had answered it is written: MtlsSentOnceTests.An_idempotent_call_is_repeated_and_that_is_told.
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), "https://billing/");
        using var sent = Begin(request);
        Write(_first, $"{method} / HTTP/1.1\r\n\r\n");
        Write(_first, $"{method} is what the content says");

        var refused = Assert.Throws<HttpIOException>(() => Write(_second, $"{method} / HTTP/1.1\r\n\r\n"));

        Assert.Equal(HttpRequestError.ResponseEnded, refused.HttpRequestError);
    }

    [Fact]
    public void What_a_call_writes_to_another_connection_and_is_no_head_is_written()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://billing/");
        using var sent = Begin(request);
        Write(_first, "POST / HTTP/1.1\r\n\r\n");

        Write(_second, "a message of a WebSocket that the content is made of");

        Assert.Throws<HttpIOException>(() => Write(_second, "POST / HTTP/1.1\r\n\r\n"));
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    [InlineData("CONNECT", false)]
    public void A_call_that_is_sent_once_has_a_content_for_that_time(string method, bool lent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), "https://billing/");
        using (Begin(request))
        {
            Assert.Equal(lent, request.Content is not null);
            Assert.Equal(lent ? 0 : null, request.Content?.Headers.ContentLength);
        }

        Assert.Null(request.Content);
        Assert.Null(SentCall.Current);
    }

    [Theory]
    [InlineData("chunked")]
    [InlineData("expect")]
    public void A_call_that_the_platform_sends_otherwise_with_a_content_is_lent_none(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://billing/");
        request.Headers.TransferEncodingChunked = header == "chunked" ? true : null;
        request.Headers.ExpectContinue = header == "expect" ? true : null;

        using var sent = Begin(request);

        Assert.Null(request.Content);
    }

    private static ServerStream Connection() => new(Stream.Null, handshake: null!, parts: null!, address: string.Empty, connections: null!);

    private static void Write(ServerStream stream, string text) => SentCall.Current!.Writing(stream, Encoding.ASCII.GetBytes(text));

    private SentCall.Scope Begin(HttpRequestMessage request) => SentCall.Begin(request, WorkloadId.Parse(World.Billing), _audit);
}
