using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Caching;

/// <summary>
/// Finds what the output cache makes no key of. It joins the parts of a key with these characters, and gives the key up where a part holds
/// one. All requests without a key, of any endpoint and any caller, then wait for one of them and share its answer
/// (dotnet/aspnetcore#67763).
/// </summary>
internal static class CacheKeyParts
{
    private static readonly SearchValues<char> Delimiters = SearchValues.Create("\u001e\u001f");

    /// <summary>Throws where the request holds one, before policies choose what of it goes into the key.</summary>
    /// <exception cref="RejectionException">It does.</exception>
    public static void RequireNoDelimiter(HttpRequest request)
    {
        Refuse(
            HasDelimiter(request.Path.Value) || HasDelimiter(request.PathBase.Value)
            || request.Query.Any(static part => HasDelimiter(part.Key) || HasDelimiter(part.Value))
            || request.Headers.Any(static part => HasDelimiter(part.Value))
            || request.Cookies.Any(static part => HasDelimiter(part.Key) || HasDelimiter(part.Value))
            || request.RouteValues.Values.Any(HasDelimiter));
    }

    /// <summary>Throws where what policies chose for the key holds one, wherever they have it from.</summary>
    /// <exception cref="RejectionException">It does.</exception>
    public static void RequireNoDelimiter(OutputCacheContext context)
    {
        var (rules, request) = (context.CacheVaryByRules, context.HttpContext.Request);
        Refuse(
            HasDelimiter(rules.CacheKeyPrefix)
            || HasDelimiter(rules.HeaderNames) || HasDelimiter(rules.QueryKeys) || HasDelimiter(rules.RouteValueNames)
            || HasDelimiter(request.Path.Value) || HasDelimiter(request.PathBase.Value)
            || rules.VaryByValues.Any(static part => HasDelimiter(part.Key) || HasDelimiter(part.Value))
            || rules.HeaderNames.Any(name => HasDelimiter(request.Headers[name ?? string.Empty]))
            || rules.RouteValueNames.Any(name => HasDelimiter(request.RouteValues[name ?? string.Empty]))
            || (rules.QueryKeys.Count > 0 && request.Query.Any(static part => HasDelimiter(part.Key) || HasDelimiter(part.Value))));
    }

    private static void Refuse(bool isMalformed)
    {
        if (isMalformed)
        {
            throw new RejectionException(AuthzRejections.Refuse(
                AuthzRejectionReason.CacheKeyMalformed,
                "The request holds a character that the output cache makes no key with, or a policy took one from it."));
        }
    }

    private static bool HasDelimiter(object? value) => HasDelimiter(Convert.ToString(value, CultureInfo.InvariantCulture));

    private static bool HasDelimiter(string? value) => value.AsSpan().ContainsAny(Delimiters);

    private static bool HasDelimiter(StringValues values)
    {
        foreach (var value in values)
        {
            if (HasDelimiter(value))
            {
                return true;
            }
        }

        return false;
    }
}
