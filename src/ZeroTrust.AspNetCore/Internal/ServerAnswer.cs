using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// Writes an answer to the server's own response and completes it, past every middleware that buffers the response or has put something in its
/// place: none of them can send anything else instead.
/// </summary>
internal static class ServerAnswer
{
    public static async Task WriteAsync(HttpContext context, GuardedCall call, GuardedAnswer answer, Func<Task> write)
    {
        var features = context.Features;
        var response = features.Get<IHttpResponseFeature>();
        var body = features.Get<IHttpResponseBodyFeature>();
        Exchange(features, call.ServerResponse);
        Exchange(features, call.ServerBody);
        try
        {
            call.BeginAnswer(answer);
            await write().ConfigureAwait(false);
            await context.Response.CompleteAsync().ConfigureAwait(false);
            if (!call.ServerResponse.HasStarted)
            {
                // Not every server starts an answer without a body when it is complete.
                await context.Response.StartAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            call.EndAnswer();
            Exchange(features, response);
            Exchange(features, body);
        }
    }

    private static void Exchange<TFeature>(IFeatureCollection features, TFeature feature)
    {
        if (!ReferenceEquals(features.Get<TFeature>(), feature))
        {
            features.Set(feature);
        }
    }
}
