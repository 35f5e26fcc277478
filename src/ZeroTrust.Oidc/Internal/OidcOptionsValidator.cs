using System.Buffers;
using Microsoft.Extensions.Options;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Internal;

internal sealed class OidcOptionsValidator(IEnumerable<Weakening> weakenings) : IValidateOptions<OidcOptions>
{
    private const int MaxNameLength = 32;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly IReadOnlyCollection<uint> _owners = FileOwnership.OwnersOf(weakenings.Select(static weakening => weakening.Name));

    public ValidateOptionsResult Validate(string? name, OidcOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        const string path = OidcOptions.SectionName + ":Issuers";
        if (options.Issuers is null or { Count: 0 })
        {
            result.AddError($"{path}: at least one issuer is required.");
            return result.Build();
        }

        var identities = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (issuerName, issuer) in options.Issuers)
        {
            var issuerPath = $"{path}:{issuerName}";
            if (issuerName.Length is 0 or > MaxNameLength || issuerName.AsSpan().ContainsAnyExcept(NameCharacters) || issuerName[0] == '-')
            {
                result.AddError($"{issuerPath}: the name must be 1 to {MaxNameLength} of a-z, 0-9 and '-', and not begin with '-'.");
            }

            if (issuer is null)
            {
                result.AddError($"{issuerPath}: the issuer has no settings.");
                continue;
            }

            ValidateAuthority(result, issuerPath, issuer.Authority, identities);
            ValidateAnchors(result, $"{issuerPath}:TrustAnchorFile", issuer.TrustAnchorFile);
            ValidateText(result, $"{issuerPath}:Audience", issuer.Audience);
            ValidateText(result, $"{issuerPath}:TenantClaim", issuer.TenantClaim);
            ValidateText(result, $"{issuerPath}:PermissionsClaim", issuer.PermissionsClaim);
            ValidateLists(result, issuerPath, issuer);
            ValidateTimes(result, issuerPath, issuer);
        }

        return result.Build();
    }

    private static void ValidateAuthority(
        ValidateOptionsResultBuilder result, string issuerPath, string? authority, Dictionary<string, string> identities)
    {
        var path = $"{issuerPath}:Authority";
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
            || uri.UserInfo.Length > 0
            || authority.AsSpan().ContainsAny('?', '#')
            || !authority.StartsWith("https://", StringComparison.Ordinal))
        {
            result.AddError($"{path}: an absolute https URL without user, query or fragment is required.");
            return;
        }

        // Two names for one issuer would make the choice between their rules a matter of order.
        if (!identities.TryAdd(OidcIssuer.WithoutTrailingSlash(authority), path))
        {
            result.AddError($"{path}: {identities[OidcIssuer.WithoutTrailingSlash(authority)]} already names this issuer.");
        }
    }

    private void ValidateAnchors(ValidateOptionsResultBuilder result, string path, string? file)
    {
        if (file is null)
        {
            return;
        }

        if (SettingFile.FaultOf(file) is { } fault)
        {
            result.AddError($"{path}: {fault}.");
            return;
        }

        try
        {
            OidcAnchors.Read(path, file, _owners);
        }
        catch (OptionsValidationException invalid)
        {
            result.AddError(invalid.Message);
        }
    }

    private static void ValidateText(ValidateOptionsResultBuilder result, string path, string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.AsSpan().Trim().Length != value.Length)
        {
            result.AddError($"{path}: a value without surrounding spaces is required.");
        }
    }

    private static void ValidateLists(ValidateOptionsResultBuilder result, string issuerPath, OidcIssuerOptions issuer)
    {
        for (var i = 0; i < (issuer.Algorithms?.Count ?? 0); i++)
        {
            if (issuer.Algorithms![i] is not { } algorithm || !OidcIssuer.KnownAlgorithms.Contains(algorithm))
            {
                result.AddError($"{issuerPath}:Algorithms:{i}: must be one of {string.Join(", ", OidcIssuer.KnownAlgorithms.Order(StringComparer.Ordinal))}.");
            }
        }

        for (var i = 0; i < (issuer.TokenTypes?.Count ?? 0); i++)
        {
            ValidateText(result, $"{issuerPath}:TokenTypes:{i}", issuer.TokenTypes![i]);
        }

        if (issuer.Algorithms is null)
        {
            result.AddError($"{issuerPath}:Algorithms: must not be null.");
        }

        if (issuer.TokenTypes is null)
        {
            result.AddError($"{issuerPath}:TokenTypes: must not be null.");
        }
    }

    private static void ValidateTimes(ValidateOptionsResultBuilder result, string issuerPath, OidcIssuerOptions issuer)
    {
        Between($"{issuerPath}:ClockSkew", issuer.ClockSkew, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Between($"{issuerPath}:KeyRefreshInterval", issuer.KeyRefreshInterval, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        Between($"{issuerPath}:MaxKeyAge", issuer.MaxKeyAge, issuer.KeyRefreshInterval, TimeSpan.FromDays(1));
        Between($"{issuerPath}:FetchTimeout", issuer.FetchTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        void Between(string path, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                result.AddError($"{path}: {value:c} is not between {least:c} and {most:c}.");
            }
        }
    }
}
