using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// What a refused peer is told, in the shape of every other refusal of this host: the status and the code, and nothing of what was found.
/// </summary>
internal sealed class RefusalAnswer
{
    private readonly Rejection _rejection;
    private readonly List<KeyValuePair<string, string>> _headers;
    private readonly byte[] _body;

    public RefusalAnswer(Rejection rejection, DateTimeOffset now)
    {
        _rejection = RejectionHandler.Answerable(rejection);
        Status = RejectionHandler.StatusOf(_rejection);
        var body = new ArrayBufferWriter<byte>();
        ProblemRejectionWriter.Write(body, _rejection.Code, Status);
        _body = body.WrittenMemory.ToArray();
        _headers =
        [
            new("content-type", ProblemRejectionWriter.ContentType),
            new("content-length", _body.Length.ToString(CultureInfo.InvariantCulture)),
            new("cache-control", "no-store"),
            new("date", now.ToString("R", CultureInfo.InvariantCulture)),
        ];
        if (Status == StatusCodes.Status401Unauthorized)
        {
            _headers.Add(new("www-authenticate", RejectionHandler.MeshScheme));
        }
        else if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            _headers.Add(new("retry-after", RejectionHandler.RetryAfterSeconds));
        }
    }

    public int Status { get; }

    /// <summary>How many bytes of content the answer has.</summary>
    public int BodyLength => _body.Length;

    /// <summary>The answer over HTTP/1.1, after which the connection ends (RFC 9112 section 9.6).</summary>
    public byte[] ToHttp11(bool withBody)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {ReasonPhrases.GetReasonPhrase(Status)}\r\n");
        foreach (var (name, value) in _headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(head.Append("connection: close\r\n\r\n").ToString());
        return withBody ? [.. bytes, .. _body] : bytes;
    }

    /// <summary>The answer on one stream of HTTP/2.</summary>
    public void WriteHttp2(Http2FrameWriter frames, int stream, bool withBody)
    {
        frames.Headers(stream, Status, _headers, endsStream: !withBody);
        if (withBody)
        {
            frames.Data(stream, _body);
        }
    }

    /// <summary>The answer to a call of gRPC: its status alone, as trailers.</summary>
    public void WriteGrpc(Http2FrameWriter frames, int stream) => frames.Headers(
        stream,
        StatusCodes.Status200OK,
        [new("content-type", GrpcRefusal.ContentType), .. GrpcRefusal.HeadersOf(_rejection)],
        endsStream: true);
}
