using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>A refusal as problem+json (RFC 9457): the code and nothing of what was found.</summary>
internal static class ProblemRejectionWriter
{
    public const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken)
    {
        var status = context.Response.StatusCode;
        var body = new ArrayBufferWriter<byte>();
        Write(body, rejection.Code, status);
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.WrittenCount;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body.WrittenMemory, cancellationToken).AsTask();
    }

    /// <summary>The content alone.</summary>
    public static void Write(IBufferWriter<byte> body, string code, int status)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("type", "urn:zerotrust:rejection:" + code);
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("code", code);
        json.WriteEndObject();
    }
}
