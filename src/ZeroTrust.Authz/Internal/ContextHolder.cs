namespace ZeroTrust.Authz.Internal;

/// <summary>One generation of the ambient context. Flows keep the holder, so that ending it reaches all of them.</summary>
internal sealed class ContextHolder(AuthzContext context)
{
    private AuthzContext? _context = context;

    internal AuthzContext? Context => Volatile.Read(ref _context);

    internal bool End() => Interlocked.Exchange(ref _context, null) is not null;
}
