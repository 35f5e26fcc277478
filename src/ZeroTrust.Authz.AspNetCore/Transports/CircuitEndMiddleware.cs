using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>
/// A circuit of Blazor Server is ended by the caller that began it: the form a browser sends as it leaves names the secret too.
/// </summary>
internal sealed class CircuitEndMiddleware(
    RequestDelegate next, TransportEndpoints endpoints, CircuitOwners circuits, RejectionHandler rejections)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && context.Request.Path.Value.AsSpan().TrimEnd('/').EndsWith(TransportEndpoints.EndSuffix, StringComparison.OrdinalIgnoreCase)
        && context.GetEndpoint() is { } endpoint
        && endpoints.EndsCircuits(endpoint)
        && context.Request.HasFormContentType
            ? EndAsync(context)
            : next(context);

    private static async Task<string?> ReadSecretAsync(HttpRequest request)
    {
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            return form["circuitId"].ToString();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task EndAsync(HttpContext context)
    {
        if (circuits.TryReturn(
            await ReadSecretAsync(context.Request).ConfigureAwait(false), TransportCaller.KeyOf(context)) is not { } hold)
        {
            await rejections.RefuseAsync(
                context,
                AuthzRejections.Refuse(
                    AuthzRejectionReason.ConnectionMismatch,
                    "Another caller began the circuit, or no caller of this process did.")).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            circuits.Leave(hold);
        }
    }
}
