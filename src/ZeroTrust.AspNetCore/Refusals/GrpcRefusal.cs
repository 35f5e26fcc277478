using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>A rejection as gRPC tells it, for a connection that has no server of gRPC behind it.</summary>
internal static class GrpcRefusal
{
    public const string ContentType = "application/grpc";

    private const string Domain = "zerotrust";
    private const string ErrorInfo = "type.googleapis.com/google.rpc.ErrorInfo";
    private const byte LengthDelimited = 2;
    private const int LongestPart = 0x3fff;

    // google.golang.org/grpc/codes: the numbers are part of the protocol.
    private const int InvalidArgument = 3;
    private const int PermissionDenied = 7;
    private const int FailedPrecondition = 9;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    /// <summary>Whether a call is one of gRPC, which needs HTTP/2; gRPC-Web and transcoded JSON are not.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';')
        && HttpProtocol.IsHttp2(request.Protocol);

    /// <summary>
    /// Writes the status of a call whose method has ended or was not begun, as trailers: of a response that has none but them, or behind
    /// one that has begun.
    /// </summary>
    /// <returns>Whether it could be told still.</returns>
    public static bool TryTell(HttpContext context, Rejection rejection)
    {
        var response = context.Response;
        var destination = response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : response.Headers;
        if (destination is not { IsReadOnly: false })
        {
            return false;
        }

        if (!response.HasStarted)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = ContentType;
        }

        foreach (var (name, value) in HeadersOf(rejection))
        {
            destination[name] = value;
        }

        return true;
    }

    public static IEnumerable<KeyValuePair<string, string>> HeadersOf(Rejection rejection) =>
    [
        new("grpc-status", StatusOf(rejection).ToString(CultureInfo.InvariantCulture)),
        new("grpc-message", rejection.Code), // a code: nothing in it needs percent-encoding
        new("grpc-status-details-bin", DetailsOf(rejection)),
    ];

    private static int StatusOf(Rejection rejection) => rejection.Kind switch
    {
        _ when RejectionHandler.StatusOf(rejection) == StatusCodes.Status404NotFound => Unimplemented,
        RejectionKind.Unauthenticated => Unauthenticated,
        RejectionKind.Forbidden => PermissionDenied,
        RejectionKind.Malformed => InvalidArgument,
        RejectionKind.Unavailable => Unavailable,
        RejectionKind.BadGateway => FailedPrecondition,
        _ => Internal,
    };

    /// <summary>
    /// The value of <c>grpc-status-details-bin</c>: a <c>google.rpc.Status</c> with one <c>ErrorInfo</c>, in base64 without padding.
    /// </summary>
    private static string DetailsOf(Rejection rejection)
    {
        var info = Message((1, rejection.Code), (2, Domain));
        var any = new ArrayBufferWriter<byte>();
        Write(any, 1, Encoding.UTF8.GetBytes(ErrorInfo));
        Write(any, 2, info);
        var status = new ArrayBufferWriter<byte>();
        status.Write((ReadOnlySpan<byte>)[1 << 3, (byte)StatusOf(rejection)]);
        Write(status, 2, Encoding.UTF8.GetBytes(rejection.Code));
        Write(status, 3, any.WrittenSpan);
        return Convert.ToBase64String(status.WrittenSpan).TrimEnd('=');
    }

    private static byte[] Message(params ReadOnlySpan<(int Field, string Value)> parts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var (field, value) in parts)
        {
            Write(bytes, field, Encoding.UTF8.GetBytes(value));
        }

        return bytes.WrittenSpan.ToArray();
    }

    // Protocol Buffers, "Message Structure": a key, a length of up to two groups of seven bits, the bytes.
    private static void Write(ArrayBufferWriter<byte> bytes, int field, ReadOnlySpan<byte> value)
    {
        if (value.Length > LongestPart)
        {
            throw new ArgumentException("A part of the status is too long.", nameof(value));
        }

        bytes.Write((ReadOnlySpan<byte>)[(byte)((field << 3) | LengthDelimited)]);
        bytes.Write((ReadOnlySpan<byte>)(value.Length < 0x80
            ? [(byte)value.Length]
            : [(byte)((value.Length & 0x7f) | 0x80), (byte)(value.Length >> 7)]));
        bytes.Write(value);
    }
}
