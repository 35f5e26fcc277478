using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust;

/// <summary>Gives a service under test, in memory, callers with really verified certificates.</summary>
public static class TestPeerWebHostBuilderExtensions
{
    private const string DiagnosticsReason = "The process of a test.";

    /// <summary>
    /// Stands in for the listeners of a service on TestServer, so for <c>WebApplicationFactory</c> too: each call carries the mark of a
    /// listener and the peer that the service's own <see cref="PeerVerifier"/> accepts.
    /// </summary>
    /// <param name="builder">The host of the test; call this after the service has registered itself.</param>
    /// <param name="peers">The trust domain of the test.</param>
    /// <param name="caller">The SPIFFE ID clients call as when they have no handler of <paramref name="peers"/>; null for nobody.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The service trusts the authority of <paramref name="peers"/> alone and reads no certificate file. Its declared listeners are not
    /// bound and not validated; the first of the called role gives the name and the list of peers. A caller the handshake would refuse is
    /// answered with the code of the refusal. On any other server than TestServer, and outside of the environments Development and Testing, the
    /// host does not start. TLS itself, forwarded certificates and live connections need a real server. The diagnostics that the runtime opens in a test process stop no host here.
    /// </remarks>
    public static IWebHostBuilder UseTestPeer(this IWebHostBuilder builder, TestPeers peers, string? caller = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(peers);
        return builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<ITrustBundleSource>(peers.Bundles));
            services.Replace(ServiceDescriptor.Singleton<IPeerCredentialSource>(peers.Credentials));
            services.RemoveAll<IValidateOptions<ListenersOptions>>();
            services.PostConfigure<MtlsOptions>(options =>
            {
                options.TrustDomain = peers.TrustDomain.ToString();
                options.Credential = new CredentialFileOptions();
                options.DenyListFile = null;
                options.TrustDomains.Clear();
            });

            // A test process has them open for its runner and its debugger, whatever the environment is called.
            services.AddSingleton(new Weakening("health.diagnostic_port", DiagnosticsReason));
            services.AddSingleton(new Weakening("health.debugger_pipe", DiagnosticsReason));

            // The first filter is the outermost: nothing of the service runs before the mark is set.
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(
                provider => new TestPeerStartupFilter(peers, caller, provider.GetRequiredService<IOptions<ListenersOptions>>())));
        });
    }
}
