using ZeroTrust.AspNetCore;

namespace ZeroTrust;

/// <summary>Registers the ASP.NET Core host of ZeroTrust.</summary>
public static class AspNetCoreZeroTrustBuilderExtensions
{
    /// <summary>
    /// Binds the listeners of <c>ZeroTrust:Listeners</c> and nothing else, and registers the endpoint decisions and the
    /// one answer to refused calls. Safe to call more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes what was bound from the configuration.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder AddListeners(this IZeroTrustBuilder builder, Action<ListenersOptions>? configure = null) =>
        throw new NotSupportedException();

    /// <summary>Adds the authentication scheme <c>ZeroTrust.Peer</c>: the verified peer as a principal.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder AddPeerAuthentication(this IZeroTrustBuilder builder) => throw new NotSupportedException();
}
