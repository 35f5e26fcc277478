namespace ZeroTrust.Authz.Internal;

internal sealed class AuthzContextAccessor : IAuthzContextAccessor
{
    private readonly AsyncLocal<ContextHolder?> _holder = new();

    public AuthzContext? Current => _holder.Value is not { } holder
        ? null
        : holder.Context ?? throw new InvalidOperationException(
            "The request this flow began in has ended, and its context with it. Mint a context for work that outlives a request.");

    public AuthzContextScope Enter(AuthzContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var outer = _holder.Value;
        var holder = new ContextHolder(context);
        _holder.Value = holder;
        return new AuthzContextScope(this, holder, outer);
    }

    internal void Restore(ContextHolder? outer) => _holder.Value = outer;
}
