using Microsoft.Extensions.Options;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Reports everything that is wrong with the options at once; what is in the files is told by the sources.</summary>
internal sealed class MtlsOptionsValidator(IEnumerable<MtlsClientBinding> bindings, MtlsDangers? dangers = null) : IValidateOptions<MtlsOptions>
{
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MinReload = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxReload = TimeSpan.FromHours(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxLeafWithoutCrls = TimeSpan.FromDays(31);

    public ValidateOptionsResult Validate(string? name, MtlsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!TrustDomain.TryParse(options.TrustDomain, out _))
        {
            Add(nameof(options.TrustDomain), string.IsNullOrEmpty(options.TrustDomain) ? "missing" : NameFaults.OfTrustDomain(options.TrustDomain));
        }

        CheckFile("Credential:CertificateFile", options.Credential.CertificateFile);
        CheckFile("Credential:KeyFile", options.Credential.KeyFile);
        CheckFile("Credential:PfxFile", options.Credential.PfxFile);
        CheckFile(nameof(options.DenyListFile), options.DenyListFile);
        foreach (var (domain, value) in options.TrustDomains)
        {
            CheckTrustDomain(domain, value);
        }

        ServerOptionsRules.Check(options.Servers, dangers, Add, CheckRange, CheckFile);

        CheckRange(nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, MaxClockSkew);
        CheckRange(nameof(options.ReloadInterval), options.ReloadInterval, MinReload, MaxReload);
        CheckRange(nameof(options.MaxStaleness), options.MaxStaleness, TenSeconds, OneDay);
        CheckRange(nameof(options.ConnectTimeout), options.ConnectTimeout, OneSecond, OneMinute);
        CheckRange(nameof(options.ConnectionLifetime), options.ConnectionLifetime, OneSecond, OneHour);
        CheckBindings(options, Add);
        return result.Build();

        void CheckTrustDomain(string domain, TrustDomainOptions value)
        {
            if (!TrustDomain.TryParse(domain, out _))
            {
                Add($"TrustDomains:{domain}", NameFaults.OfTrustDomain(domain));
            }

            CheckFile($"TrustDomains:{domain}:AnchorFile", value.AnchorFile);
            foreach (var (index, file) in value.CrlFiles.Index())
            {
                CheckFile($"TrustDomains:{domain}:CrlFiles:{index}", file);
            }

            var longest = value.CrlFiles.Count > 0 ? TimeSpan.MaxValue : MaxLeafWithoutCrls;
            CheckRange($"TrustDomains:{domain}:MaxLeafLifetime", value.MaxLeafLifetime ?? OneMinute, OneMinute, longest);
        }

        void Add(string path, string failure) => result.AddError($"{MtlsOptions.SectionName}:{path}: {failure}");

        void CheckRange(string path, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
            {
                Add(path, $"{value:c} is not between {min:c} and {max:c}");
            }
        }

        void CheckFile(string path, string? file)
        {
            if (file is not null && SettingFile.FaultOf(file) is { } fault)
            {
                Add(path, fault);
            }
        }
    }

    private void CheckBindings(MtlsOptions options, Action<string, string> add)
    {
        foreach (var client in bindings.GroupBy(binding => binding.ClientName, StringComparer.Ordinal))
        {
            MtlsClientBinding[] servers = [.. client.DistinctBy(binding => binding.Server, ServerNames.Comparer)];
            foreach (var binding in servers.Where(binding => !options.Servers.ContainsKey(binding.Server)))
            {
                add($"Servers:{binding.Server}", $"missing; the HTTP client '{binding.ClientName}' is bound to it");
            }

            if (servers.Length > 1)
            {
                add("Servers", $"the HTTP client '{client.Key}' is bound to {string.Join(" and ", servers.Select(binding => binding.Server))}; bind it to one");
            }
        }
    }
}
