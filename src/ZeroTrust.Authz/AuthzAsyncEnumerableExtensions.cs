using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust;

/// <summary>Lets an asynchronous iterator run in one context from its first step to its last.</summary>
public static class AuthzAsyncEnumerableExtensions
{
    /// <summary>Enters the context anew for each step: an iterator otherwise runs in whatever is current where its next item is asked for.</summary>
    /// <typeparam name="T">The kind of item.</typeparam>
    /// <param name="source">The iterator.</param>
    /// <param name="capture">The context; <see cref="IAuthzContextAccessor.Capture()"/> takes the current one.</param>
    /// <returns>The same items. A step after the context has expired throws a <see cref="RejectionException"/> with <c>authz.expired</c>.</returns>
#pragma warning disable VSTHRD200 // named like the framework's WithCancellation, which is not awaited either
    public static IAsyncEnumerable<T> WithContext<T>(this IAsyncEnumerable<T> source, AuthzContextCapture capture)
#pragma warning restore VSTHRD200
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(capture);
        return new ContextAsyncEnumerable<T>(source, capture);
    }
}
