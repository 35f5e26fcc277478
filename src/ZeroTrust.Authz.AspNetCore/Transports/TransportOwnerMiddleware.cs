using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>A SignalR connection answers to the caller that began it: to one tenant, subject and peer.</summary>
internal sealed class TransportOwnerMiddleware(
    RequestDelegate next, TransportEndpoints endpoints, TransportOwners owners, RejectionHandler rejections)
{
    // The framework's ids have 22 characters; what is longer names no connection.
    private const int LongestId = 128;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is { } hub && CircuitHub.Is(hub.HubType))
        {
            TransportCaller.Keep(context);
        }

        return FindId(context) is { } id ? ServeAsync(context, id) : next(context);
    }

    private string? FindId(HttpContext context) =>
        context.Request.QueryString.HasValue
        && context.GetEndpoint() is { } endpoint
        && endpoints.Contains(endpoint)
        && context.Request.Query["id"].ToString() is { Length: > 0 and <= LongestId } id
            ? id
            : null;

    private async Task ServeAsync(HttpContext context, string id)
    {
        if (owners.TryEnter(id, TransportCaller.KeyOf(context)) is not { } owner)
        {
            await rejections.RefuseAsync(
                context,
                AuthzRejections.Refuse(
                    AuthzRejectionReason.ConnectionMismatch,
                    "Another caller began the connection, or there is no room for one more.")).ConfigureAwait(false);
            return;
        }

        var isServed = false;
        try
        {
            await next(context).ConfigureAwait(false);
            isServed = context.Response.StatusCode < StatusCodes.Status400BadRequest;
        }
        finally
        {
            owners.Leave(id, owner, isServed);
        }
    }
}
