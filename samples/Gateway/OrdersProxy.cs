using System.Collections.Frozen;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Samples.Gateway;

/// <summary>
/// Passes a call on to Orders, with every header the caller sent but its credentials and what belongs to its connection.
/// It knows nothing of identity headers: what the caller made up is gone before this code runs, and the context is added after it.
/// </summary>
internal sealed class OrdersProxy(HttpClient client, ILogger<OrdersProxy> logger)
{
    private static readonly FrozenSet<string> NotForwarded = FrozenSet.ToFrozenSet(
    [
        "Authorization", "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Expect", "traceparent", "tracestate", "baggage",
    ],
    StringComparer.OrdinalIgnoreCase);

    public async Task ForwardAsync(HttpContext call)
    {
        var url = call.Request.Path + call.Request.QueryString.Value;
        logger.LogInformation("{Method} {Url} goes to Orders", call.Request.Method, url);
        using var request = new HttpRequestMessage(new HttpMethod(call.Request.Method), new Uri(url, UriKind.Relative));
        if (HttpMethods.IsPost(call.Request.Method))
        {
            request.Content = new StreamContent(call.Request.Body);
        }

        foreach (var (name, values) in call.Request.Headers)
        {
            if (!NotForwarded.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, call.RequestAborted);
        }
        catch (HttpRequestException failure)
        {
            logger.LogError(failure, "Orders cannot be reached");
            var rejection = new Rejection("gateway.orders_unavailable", failure.Message, RejectionKind.Unavailable);
            await Rejections.ToResult(rejection).ExecuteAsync(call);
            return;
        }

        using var answer = response;
        call.Response.StatusCode = (int)response.StatusCode;
        call.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(call.Response.Body, call.RequestAborted);
    }
}
