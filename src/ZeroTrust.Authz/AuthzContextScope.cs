using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>The stretch of work a context is current for. Disposing ends it for every flow that began within.</summary>
public sealed class AuthzContextScope : IDisposable
{
    private readonly AuthzContextAccessor _accessor;
    private readonly ContextHolder _holder;
    private readonly ContextHolder? _outer;

    internal AuthzContextScope(AuthzContextAccessor accessor, ContextHolder holder, ContextHolder? outer)
    {
        _accessor = accessor;
        _holder = holder;
        _outer = outer;
    }

    /// <summary>Ends the scope and, where it was entered, makes the surrounding one current again. Safe to call more than once.</summary>
    public void Dispose()
    {
        if (_holder.End())
        {
            _accessor.Leave(_holder, _outer);
        }
    }
}
