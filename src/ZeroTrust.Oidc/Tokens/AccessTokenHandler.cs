using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Tokens;

/// <summary>The one token handler of the bearer scheme. The framework's validation parameters have no say in it.</summary>
internal sealed class AccessTokenHandler(AccessTokenVerifier verifier, ILogger<AccessTokenHandler> logger) : TokenHandler
{
    private readonly QuietLogger _logger = new(logger);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        Rejection rejection;
        try
        {
            // The seam has no cancellation token; the key source bounds the wait.
            var verdict = await verifier.VerifyAsync(token, CancellationToken.None).ConfigureAwait(false);
            if (verdict.TryGet(out var verified, out var refusal))
            {
                return new TokenValidationResult
                {
                    IsValid = true,
                    ClaimsIdentity = new AccessTokenIdentity(verified),
                    SecurityToken = new AccessTokenLifetime(verified),
                    Issuer = verified.Issuer,
                };
            }

            rejection = refusal;
        }
        catch (Exception exception)
        {
            _logger.AccessTokenVerificationFailed(exception);
            rejection = OidcRejections.Refuse(OidcRejectionReason.Unspecified, exception.GetType().Name);
        }

        return new TokenValidationResult { IsValid = false, Exception = new RejectionException(rejection) };
    }
}
