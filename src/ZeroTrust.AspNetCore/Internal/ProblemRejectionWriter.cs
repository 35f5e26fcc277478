using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>A refusal as problem+json (RFC 9457): the code and nothing of what was found.</summary>
internal static class ProblemRejectionWriter
{
    public static Task WriteAsync(HttpContext context, Rejection rejection, CancellationToken cancellationToken)
    {
        var status = context.Response.StatusCode;
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", "urn:zerotrust:rejection:" + rejection.Code);
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            json.WriteString("code", rejection.Code);
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.WrittenCount;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body.WrittenMemory, cancellationToken).AsTask();
    }
}
