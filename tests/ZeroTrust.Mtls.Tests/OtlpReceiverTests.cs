using System.Net;
using System.Text;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

public sealed class OtlpReceiverTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_record_is_kept_as_bytes_and_parsed()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancelled);
        var waiting = receiver.WaitForLogAsync(log => log.Body == "hello", TimeSpan.FromSeconds(30), Cancelled);

        // resource_logs { resource { attributes service.name } scope_logs { scope log_records { severity body attributes event_name } } }
        var record = Join(
            [0x10, 0x0D], Field(3, "Warn"), Field(5, Field(1, "hello")), Field(6, Join(Field(1, "error.type"), Field(2, Field(1, "x509.expired")))),
            Field(9, Convert.FromHexString("000102030405060708090a0b0c0d0e0f")), Field(12, "PeerRefused"));
        var resource = Field(1, Join(Field(1, "service.name"), Field(2, Field(1, "orders"))));
        var body = Field(1, Join(Field(1, resource), Field(2, Join(Field(1, Field(1, "category")), Field(2, record)))));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(receiver, "/v1/logs", body));

        var log = await waiting;
        Assert.Equal(("orders", "category", 13, "Warn", "PeerRefused"), (log.ServiceName, log.Scope, log.SeverityNumber, log.SeverityText, log.EventName));
        Assert.Equal("x509.expired", log.Attributes["error.type"]);
        Assert.Equal("000102030405060708090a0b0c0d0e0f", log.TraceId);
        Assert.True(receiver.Contains("hello"));
        Assert.False(receiver.Contains("absent"));
        Assert.True(Assert.Single(receiver.Requests).Body.Span.SequenceEqual(body));
    }

    [Fact]
    public async Task A_span_is_parsed_and_what_cannot_be_is_refused_and_kept()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancelled);
        var span = Join(Field(2, [1, 2, 3, 4, 5, 6, 7, 8]), Field(5, "GET /orders"), Field(15, [0x18, 0x02]));
        await PostAsync(receiver, "/v1/traces", Field(1, Field(2, Field(2, span))));

        var received = await receiver.WaitForSpanAsync(item => item.Name == "GET /orders", TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(("0102030405060708", 2), (received.SpanId, received.StatusCode));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(receiver, "/v1/traces", [0x0A, 0x7F]));
        Assert.Equal(2, receiver.Requests.Count);
    }

    private static async Task<HttpStatusCode> PostAsync(OtlpReceiver receiver, string path, byte[] body)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(body);
        using var response = await client.PostAsync(new Uri(receiver.Endpoint, path), content, Cancelled);
        return response.StatusCode;
    }

    private static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] value)
    {
        Assert.InRange(value.Length, 0, 16383);
        byte[] length = value.Length < 128 ? [(byte)value.Length] : [(byte)(value.Length | 0x80), (byte)(value.Length >> 7)];
        return [(byte)((number << 3) | 2), .. length, .. value];
    }
}
