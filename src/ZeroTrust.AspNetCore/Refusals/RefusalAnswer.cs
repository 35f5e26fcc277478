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
    private readonly KeyValuePair<string, string> _length;
    private readonly byte[] _body;
    private byte[]? _block;
    private byte[]? _blockWithoutLength;
    private byte[]? _grpcBlock;

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
            new("cache-control", "no-store"),
            new("date", now.ToString("R", CultureInfo.InvariantCulture)),
            .. ConnectionRefusal.Headers,
        ];
        _length = new("content-length", _body.Length.ToString(CultureInfo.InvariantCulture));
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
        foreach (var (name, value) in _headers.Append(_length))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(head.Append("connection: close\r\n\r\n").ToString());
        return withBody ? [.. bytes, .. _body] : bytes;
    }

    /// <summary>The answer on one stream of HTTP/2.</summary>
    public void WriteHttp2(Http2FrameWriter frames, int stream)
    {
        frames.Headers(stream, BlockWithLength, endsStream: false);
        frames.Data(stream, _body);
    }

    /// <summary>The answer to HEAD, with the length of what GET would get (RFC 9110 section 8.6).</summary>
    public void WriteHttp2ToHead(Http2FrameWriter frames, int stream) => frames.Headers(stream, BlockWithLength, endsStream: true);

    /// <summary>
    /// The answer to a client that takes no content yet. It names no length: one that is not what follows is malformed (RFC 9113 section
    /// 8.1.1).
    /// </summary>
    public void WriteHttp2WithoutBody(Http2FrameWriter frames, int stream) =>
        frames.Headers(stream, _blockWithoutLength ??= HeaderBlock.Of(Status, _headers), endsStream: true);

    /// <summary>The answer to a call of gRPC: its status alone, as trailers.</summary>
    public void WriteGrpc(Http2FrameWriter frames, int stream) => frames.Headers(stream, _grpcBlock ??= GrpcBlock(), endsStream: true);

    private byte[] BlockWithLength => _block ??= HeaderBlock.Of(Status, _headers.Append(_length));

    private byte[] GrpcBlock() => HeaderBlock.Of(
        StatusCodes.Status200OK,
        [new("content-type", GrpcRefusal.ContentType), .. GrpcRefusal.HeadersOf(_rejection), .. ConnectionRefusal.Headers]);
}
