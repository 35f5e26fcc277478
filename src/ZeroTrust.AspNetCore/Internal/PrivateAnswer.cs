using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// Keeps an answer that a decision let out from shared caches: they answer the next caller without asking the decision. On the mesh there is no
/// <c>Authorization</c> header that would make them careful (RFC 9111 section 3.5).
/// </summary>
internal static class PrivateAnswer
{
    public const string NotStored = "no-store";

    // What carries a validator is meant to be asked about again, and each time the decision is.
    public const string Revalidated = "private, no-cache";

    // Each is read by one kind of shared cache in place of Cache-Control (RFC 9213 section 2.1, and the fields that came before it).
    private static readonly string[] SharedCacheFields =
    [
        "CDN-Cache-Control",
        "Surrogate-Control",
        "Edge-Control",
        "X-Accel-Expires",
        "Akamai-Cache-Control",
        "Cloudflare-CDN-Cache-Control",
        "Netlify-CDN-Cache-Control",
        "Vercel-CDN-Cache-Control",
        "X-LiteSpeed-Cache-Control",
    ];

    /// <summary>Narrows what the application said of an answer that is not for everybody.</summary>
    /// <param name="headers">The headers of a response that is about to start.</param>
    public static void Apply(IHeaderDictionary headers)
    {
        headers.CacheControl = headers.CacheControl is { Count: > 0 } said
            ? Narrow(said)
            : headers.ETag.Count > 0 || headers.LastModified.Count > 0 ? Revalidated : NotStored;

        // A cache of HTTP/1.0 knows nothing else; a value that is no date means expired (RFC 9111 section 5.3).
        if (headers.Expires.Count > 0)
        {
            headers.Expires = "0";
        }

        foreach (var field in SharedCacheFields)
        {
            headers.Remove(field);
        }
    }

    internal static StringValues Narrow(StringValues said)
    {
        if (said is [NotStored or Revalidated])
        {
            return said;
        }

        if (!CacheControlHeaderValue.TryParse(said.ToString(), out var control))
        {
            return NotStored;
        }

        if (!control.Public && control.SharedMaxAge is null && (control.NoStore || (control.Private && control.PrivateHeaders.Count == 0)))
        {
            return said;
        }

        control.Public = false;
        control.SharedMaxAge = null;

        // With field names it hides those fields only, and the rest may be shared.
        control.PrivateHeaders.Clear();
        control.Private = !control.NoStore;
        return control.ToString();
    }
}
