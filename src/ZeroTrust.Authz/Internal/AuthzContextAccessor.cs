namespace ZeroTrust.Authz.Internal;

internal sealed class AuthzContextAccessor(TimeProvider time) : IAuthzContextAccessor
{
    private readonly AsyncLocal<ContextHolder?> _holder = new();

    public AuthzContext? Current => _holder.Value is not { } holder
        ? null
        : holder.Context ?? throw new InvalidOperationException(
            "The request this flow began in has ended, and its context with it. Capture the context, or create one for work that outlives a request.");

    public AuthzContextScope Enter(AuthzContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        // As late as rule 4 lets a context arrive.
        var now = time.GetUtcNow();
        return now < context.ExpiresAt + TxnToken.ClockSkew
            ? EnterUnchecked(context)
            : throw new RejectionException(AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"The context ended at {context.ExpiresAt:O}, it is {now:O}."));
    }

    public AuthzContextCapture Capture() =>
        Capture(Current ?? throw new InvalidOperationException("There is no current context to capture."));

    public AuthzContextCapture Capture(AuthzContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AuthzContextCapture(this, context);
    }

    internal AuthzContextScope EnterUnchecked(AuthzContext context)
    {
        var outer = _holder.Value;
        var holder = new ContextHolder(context);
        _holder.Value = holder;
        return new AuthzContextScope(this, holder, outer);
    }

    // In the flow that entered alone: an iterator may end its scope in the flow of whoever asked for the last item.
    internal void Leave(ContextHolder holder, ContextHolder? outer)
    {
        if (ReferenceEquals(_holder.Value, holder))
        {
            _holder.Value = outer;
        }
    }
}
