using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>The verified peer as a principal. Never the subject or the common name of its certificate.</summary>
internal sealed class PeerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    RejectionHandler rejections)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetVerifiedPeer() is not { } peer)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity(Scheme.Name, PeerAuthenticationDefaults.WorkloadClaimType, roleType: null);
        identity.AddClaim(Claim(ClaimTypes.Thumbprint, peer.LeafSha256));
        if (peer.Workload is { } workload)
        {
            identity.AddClaim(Claim(PeerAuthenticationDefaults.WorkloadClaimType, workload.ToString()));
        }

        foreach (var name in peer.DnsNames)
        {
            identity.AddClaim(Claim(ClaimTypes.Dns, name));
        }

        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => rejections.RefuseAsync(
        Context, AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection has no verified peer."));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => rejections.RefuseAsync(
        Context, AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.Forbidden, "A policy of the application refused the peer."));

    private Claim Claim(string type, string value) => new(type, value, ClaimValueTypes.String, ClaimsIssuer);
}
