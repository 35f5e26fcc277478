using Microsoft.AspNetCore.SignalR;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>A circuit of Blazor Server answers to the caller that began it, on whichever connection its secret is named.</summary>
internal sealed class CircuitOwnerFilter(CircuitOwners circuits, RejectionHandler rejections) : IHubFilter
{
    private static readonly object ItemKey = new();

    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        !CircuitHub.Is(invocationContext.Hub.GetType()) || CircuitHub.OfConnection.Contains(invocationContext.HubMethod.Name)
            ? next(invocationContext)
            : JudgeAsync(invocationContext, next);

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (CircuitHub.Is(context.Hub.GetType()))
        {
            context.Context.Items[ItemKey] = new ConnectionCircuits(circuits);
        }

        return next(context);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception).ConfigureAwait(false);
        }
        finally
        {
            if (context.Context.Items.TryGetValue(ItemKey, out var item))
            {
                (item as ConnectionCircuits)?.End();
            }
        }
    }

    private ValueTask<object?> JudgeAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var caller = TransportCaller.Find(invocation.Context.GetHttpContext());
        return invocation.HubMethod.Name switch
        {
            CircuitHub.Start => BeginAsync(invocation, caller, next),
            CircuitHub.Connect when TryReturn(invocation, caller) => next(invocation),
            CircuitHub.Resume when TryReturn(invocation, caller) => BeginAsync(invocation, caller, next),

            // What the framework answers when there is no such circuit; its client loads the page again.
            CircuitHub.Connect => RefuseAsync(invocation, answer: false),
            CircuitHub.Resume => RefuseAsync(invocation, answer: null),

            // What a method does that was not there when this was written is not known.
            _ => throw new HubException("The method is not allowed."),
        };
    }

    private async ValueTask<object?> BeginAsync(
        HubInvocationContext invocation, TransportCaller? caller, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var answer = await next(invocation).ConfigureAwait(false);
        if (answer is string secret && caller is not null && circuits.TryBegin(secret, caller.Key) is { } hold)
        {
            Keep(invocation, hold);
        }

        return answer;
    }

    private bool TryReturn(HubInvocationContext invocation, TransportCaller? caller)
    {
        if (caller is null || circuits.TryReturn(invocation.HubMethodArguments[0] as string, caller.Key) is not { } hold)
        {
            return false;
        }

        Keep(invocation, hold);
        return true;
    }

    private void Keep(HubInvocationContext invocation, CircuitHold hold)
    {
        if (invocation.Context.Items.TryGetValue(ItemKey, out var item) && item is ConnectionCircuits held)
        {
            held.Add(hold);
        }
        else
        {
            circuits.Leave(hold);
        }
    }

    private ValueTask<object?> RefuseAsync(HubInvocationContext invocation, object? answer)
    {
        if (invocation.Context.GetHttpContext() is { } context)
        {
            rejections.Report(
                context,
                AuthzRejections.Refuse(
                    AuthzRejectionReason.ConnectionMismatch, "Another caller began the circuit, or no caller of this process did."));
        }

        return ValueTask.FromResult(answer);
    }
}
