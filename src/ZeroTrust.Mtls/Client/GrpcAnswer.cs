using System.Globalization;
using System.Net;
using System.Text;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// A refusal as a call of gRPC gets it: the answer that consists of trailers alone. Clients of gRPC know no exceptions but those of
/// HTTP, and take a refusal for INTERNAL; a status is what retries, hedging, interceptors and programs decide by.
/// </summary>
internal static class GrpcAnswer
{
    private const string MediaType = "application/grpc";
    private const string Message =
        "The server was refused, or the call before it was sent. The code is in the ErrorInfo of this status, and in the log.";

    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    /// <summary>Whether the call is one of gRPC or gRPC-Web.</summary>
    public static bool Fits(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType is { } type
        && type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] is '+' or '-');

    /// <summary>
    /// UNAVAILABLE where an outage is the reason, as of the trust or the credential of this workload; else UNAUTHENTICATED.
    /// </summary>
    public static HttpResponseMessage To(HttpRequestMessage request, Rejection rejection)
    {
        var status = rejection.Kind == RejectionKind.Unavailable ? Unavailable : Unauthenticated;
        var answer = new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Version = HttpVersion.Version20,
            Content = new ByteArrayContent([]),
        };
        answer.Content.Headers.ContentType = request.Content!.Headers.ContentType;
        answer.Headers.Add("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        answer.Headers.Add("grpc-message", Message);
        answer.Headers.Add("grpc-status-details-bin", Convert.ToBase64String(Details(status, rejection.Code)));
        return answer;
    }

    // google.rpc.Status with one google.rpc.ErrorInfo, by hand: no call of another protocol should need the packages of this one.
    private static byte[] Details(int status, string code) =>
    [
        1 << 3, (byte)status,
        .. Field(2, Encoding.ASCII.GetBytes(Message)),
        .. Field(3,
        [
            .. Field(1, "type.googleapis.com/google.rpc.ErrorInfo"u8),
            .. Field(2, [.. Field(1, Encoding.ASCII.GetBytes(code)), .. Field(2, "zerotrust"u8)]),
        ]),
    ];

    // Of the wire type for what has a length, which is here less than 2^14 (a varint of two bytes).
    private static byte[] Field(int number, ReadOnlySpan<byte> value) => value.Length < 128
        ? [(byte)((number << 3) | 2), (byte)value.Length, .. value]
        : [(byte)((number << 3) | 2), (byte)(value.Length | 128), (byte)(value.Length >> 7), .. value];
}
