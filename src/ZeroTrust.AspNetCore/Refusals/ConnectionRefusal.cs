using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// The mark of an answer that judges the connection and not the call: of a proxy it is the proxy's own, which its clients are not to be
/// told as theirs.
/// </summary>
internal static class ConnectionRefusal
{
    /// <summary>The header that says so, to whoever holds the connection.</summary>
    public const string Mark = "ZeroTrust-Refused";

    /// <summary>What it says.</summary>
    public const string OfConnection = "connection";

    /// <summary>
    /// Makes nginx answer by itself: by this location where it has one, else by an error of its own. It has no condition on an answer's
    /// headers that keeps the content of the others.
    /// </summary>
    public const string NginxRedirect = "X-Accel-Redirect";

    /// <summary>The named location of nginx.</summary>
    public const string NginxLocation = "@zerotrust_refused";

    /// <summary>The headers, in lower case as HTTP/2 has them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers { get; } =
        [new("zerotrust-refused", OfConnection), new("x-accel-redirect", NginxLocation)];

    /// <summary>Marks the answer that is about to be written, whoever writes it.</summary>
    public static void MarkOnStart(HttpContext context)
    {
        Claim(context);
        context.Response.OnStarting(
            static response =>
            {
                Put(((HttpResponse)response).Headers);
                return Task.CompletedTask;
            },
            context.Response);
    }

    /// <summary>
    /// Marks a status of gRPC that is written and not sent yet: trailers, of a response that has none but them or of one that has begun.
    /// </summary>
    public static void MarkStatus(HttpContext context)
    {
        Claim(context);
        if (!context.Response.HasStarted)
        {
            Put(context.Response.Headers);
        }
        else if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            trailers[Mark] = OfConnection;
        }
    }

    /// <summary>
    /// Takes from an answer what only one of these packages may say: an endpoint may have copied it from another server's, which judged the
    /// connection to that one.
    /// </summary>
    public static void RemoveFrom(IHeaderDictionary headers)
    {
        headers.Remove(Mark);
        if (headers.TryGetValue(NginxRedirect, out var redirect)
            && redirect.ToString().Contains(NginxLocation, StringComparison.OrdinalIgnoreCase))
        {
            headers.Remove(NginxRedirect);
        }
    }

    private static void Claim(HttpContext context)
    {
        if (GuardedCall.Find(context) is { } call)
        {
            call.JudgesConnection = true;
        }
    }

    private static void Put(IHeaderDictionary headers)
    {
        headers[Mark] = OfConnection;
        headers[NginxRedirect] = NginxLocation;
    }
}
