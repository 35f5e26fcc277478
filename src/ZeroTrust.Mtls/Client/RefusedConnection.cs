using System.Globalization;
using System.Net;
using System.Text.Json;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// The answer of a server that judged the connection, and not the call. It is about this workload alone: a program that passes answers on
/// would blame its own caller.
/// </summary>
internal static class RefusedConnection
{
    /// <summary>The header that marks such an answer.</summary>
    public const string Header = "ZeroTrust-Refused";

    /// <summary>The key in the data of the cause: the code that the server gave.</summary>
    public const string CodeKey = "zerotrust.code";

    private const string Connection = "connection";
    private const string NginxRedirect = "X-Accel-Redirect";
    private const string NginxLocation = "@zerotrust_refused";
    private const int MaxBodyLength = 1024;
    private const int MaxCodeLength = 64;
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a response is such an answer. What the server cannot decide now (503, UNAVAILABLE), and its defects, blame nobody and are
    /// responses.
    /// </summary>
    public static bool Is(HttpRequestMessage request, HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(Header, out var values)
        && string.Equals(values.ToString(), Connection, StringComparison.Ordinal)
        && StatusOf(response) is not null
        && (response.StatusCode != HttpStatusCode.OK || GrpcAnswer.Fits(request));

    /// <summary>Takes the mark, and what nginx does by it, off a response: a program that copies it would say it in its own name.</summary>
    public static HttpResponseMessage Unmarked(HttpResponseMessage response)
    {
        response.Headers.Remove(Header);
        if (response.Headers.NonValidated.TryGetValues(NginxRedirect, out var redirect)
            && redirect.ToString().Contains(NginxLocation, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.Remove(NginxRedirect);
        }

        return response;
    }

    /// <summary>The refusal, with the code that the server gave in the body, where it comes in time.</summary>
    public static async Task<RejectionException> ReadAsync(
        HttpResponseMessage response, HandlerParts parts, CancellationToken cancellationToken) =>
        Refuse(response, parts, await ReadCodeAsync(response.Content, parts.Time, cancellationToken).ConfigureAwait(false));

    /// <summary>The refusal by the header alone: a read on the thread of the caller has no time limit.</summary>
    public static RejectionException Read(HttpResponseMessage response, HandlerParts parts) =>
        Refuse(response, parts, Plain(ValueOf(response, "grpc-message")));

    private static RejectionException Refuse(HttpResponseMessage response, HandlerParts parts, string? code)
    {
        var status = StatusOf(response) ?? response.StatusCode;
        var presented = parts.Bound.Identity.SendsCertificate ? parts.Credentials.GetCredential().Workload.ToString() : null;
        var refused = presented is null ? "that this client sends it no certificate" : $"this workload's certificate ({presented})";
        var rejection = MtlsRejections.Refuse(
            MtlsRejectionReason.RefusedByServer,
            $"The server refused {refused}, with the answer {(int)status} {code}".TrimEnd() + ".",
            presented: presented).ToOutbound();
        var cause = new HttpRequestException($"The server refused the connection, with the status {(int)status}.", inner: null, status);
        cause.Data[CodeKey] = code;
        return new RejectionException(rejection, cause);
    }

    // What gRPC says in the status of HTTP; null for what is no refusal.
    private static HttpStatusCode? StatusOf(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK => GrpcStatusOf(response) switch
        {
            3 => HttpStatusCode.BadRequest,
            7 => HttpStatusCode.Forbidden,
            16 => HttpStatusCode.Unauthorized,
            _ => null,
        },
        HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => response.StatusCode,
        _ => null,
    };

    private static int? GrpcStatusOf(HttpResponseMessage response) =>
        int.TryParse(ValueOf(response, "grpc-status"), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    private static string? ValueOf(HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values) && values.Count == 1 ? values.ToString() : null;

    private static async Task<string?> ReadCodeAsync(HttpContent content, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ReadTime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var body = new byte[MaxBodyLength];
            var stream = await content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
            using var problem = JsonDocument.Parse(body.AsMemory(0, length));
            return problem.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                    ? Plain(code.GetString())
                    : null;
        }
        catch (Exception exception) when (
            exception is IOException or HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            // The refusal is certain without it.
            return null;
        }
    }

    private static string? Plain(string? code) =>
        code is { Length: > 0 and <= MaxCodeLength }
        && code.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '.')
            ? code
            : null;
}
