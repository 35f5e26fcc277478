using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Oidc;

/// <summary>The signature keys of each configured issuer, kept apart: a token is only ever verified with the keys of its own issuer.</summary>
public interface IIssuerKeySource
{
    /// <summary>The issuer's current keys.</summary>
    /// <param name="issuer">The name of the issuer in <see cref="OidcOptions.Issuers"/>.</param>
    /// <param name="keyId">
    /// The key the caller is after. When the current keys lack it, the source tries to learn it within its bounds on time and
    /// frequency; the answer may lack it still.
    /// </param>
    /// <param name="cancellationToken">Abandons the wait, not a fetch that others wait for.</param>
    /// <returns>The keys, or a refusal of kind <see cref="RejectionKind.Unavailable"/>.</returns>
    ValueTask<Verdict<IssuerKeys>> GetKeysAsync(string issuer, string? keyId, CancellationToken cancellationToken);

    /// <summary>A token that fires when the issuer's keys were replaced.</summary>
    /// <param name="issuer">The name of the issuer in <see cref="OidcOptions.Issuers"/>.</param>
    IChangeToken GetReloadToken(string issuer);
}
