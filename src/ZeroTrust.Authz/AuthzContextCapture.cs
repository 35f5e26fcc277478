using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>A context that was taken along on purpose, for work that outlives its request: an item of a channel, a background task, a timer.</summary>
/// <remarks>
/// Immutable and safe to hand to other flows. It does not prolong the context: once that has expired, <see cref="Enter"/> refuses, and the work
/// needs a context of its own (<see cref="AuthzContextMinter.CreateSystemContext"/>).
/// </remarks>
public sealed class AuthzContextCapture
{
    private readonly AuthzContextAccessor _accessor;

    internal AuthzContextCapture(AuthzContextAccessor accessor, AuthzContext context)
    {
        _accessor = accessor;
        Context = context;
    }

    /// <summary>The context.</summary>
    public AuthzContext Context { get; }

    /// <summary>Makes the context current until the scope is disposed, whatever was current in this flow.</summary>
    /// <returns>The scope; dispose it in the method that entered it.</returns>
    /// <exception cref="RejectionException">It has expired: <c>authz.expired</c>.</exception>
    public AuthzContextScope Enter() => _accessor.Enter(Context);

    internal AuthzContextScope EnterToCleanUp() => _accessor.EnterUnchecked(Context);
}
