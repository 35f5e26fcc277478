using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using ZeroTrust.Oidc.Tokens;

namespace ZeroTrust.Oidc.Internal;

/// <summary>Settles the bearer scheme after everybody else has configured it: our handler alone, no metadata of its own.</summary>
internal sealed class BearerSchemeSetup(AccessTokenHandler tokenHandler) : IPostConfigureOptions<JwtBearerOptions>
{
    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (name != OidcDefaults.Scheme)
        {
            return;
        }

        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(tokenHandler);
        options.ConfigurationManager = null;
        options.Configuration = null;
        options.RefreshOnIssuerKeyNotFound = false;
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.IncludeErrorDetails = false;
    }
}
