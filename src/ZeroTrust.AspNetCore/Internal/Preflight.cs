using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>A browser's question whether it may call. Browsers send no credentials with it, so that it is answered before any decision.</summary>
internal static class Preflight
{
    private const string Prefix = "Access-Control-";

    public static bool IsAsked(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.ContainsKey(HeaderNames.Origin)
        && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    public static KeyValuePair<string, StringValues>[] HeadersOf(HttpResponse response) =>
        [.. response.Headers.Where(header => IsItsHeader(header.Key))];

    /// <summary>Takes what callbacks of the application added to the answer away.</summary>
    /// <returns>Always true: what is left may leave.</returns>
    public static bool KeepOnlyItsHeaders(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.ToArray())
        {
            // The drain closes connections; that is the host's own.
            if (!IsItsHeader(name) && !string.Equals(name, HeaderNames.Connection, StringComparison.OrdinalIgnoreCase))
            {
                headers.Remove(name);
            }
        }

        return true;
    }

    private static bool IsItsHeader(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || string.Equals(name, HeaderNames.Vary, StringComparison.OrdinalIgnoreCase);
}
