using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ZeroTrust.Tool.DevCerts;

/// <summary><c>zerotrust dev-certs</c>.</summary>
internal static class DevCertsCommand
{
    public const string DefaultTrustDomain = "dev.local";

    private const int MaxDays = 31;

    private static readonly string[] Reserved = ["ca", "intermediate", "crl"];

    public static Command Create(ToolConsole console)
    {
        var services = new Argument<string[]>("SERVICE")
        {
            Description = "The services that get a certificate; each becomes spiffe://TRUST-DOMAIN/SERVICE.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string>("--out") { HelpName = "FOLDER", Description = "The folder to write to.", DefaultValueFactory = _ => "certs" };
        var trustDomain = new Option<TrustDomain?>("--trust-domain")
        {
            HelpName = "TD",
            Description = $"The trust domain. Default: that of the CA in the folder, else {DefaultTrustDomain}.",
            CustomParser = ParseTrustDomain,
        };
        var dns = new Option<string[]>("--dns")
        {
            HelpName = "NAME",
            Description = "A DNS name beside localhost, such as the service's name in a compose file. May be given several times.",
        };
        dns.Validators.Add(CheckDns);
        var days = new Option<int>("--days")
        {
            HelpName = "N",
            Description = "How long the leaves are valid, 1 to 31 days.",
            DefaultValueFactory = _ => 1,
            CustomParser = ParseDays,
        };
        var crl = new Option<bool>("--crl") { Description = "Write CRLs too, empty at first." };
        var revoke = new Option<string?>("--revoke") { HelpName = "SERVICE", Description = "Put the certificate of this service on the CRL." };
        var force = new Option<bool>("--force") { Description = "Make a new CA in place of the one in the folder." };

        var command = new Command("dev-certs", "Make a development CA, kept in the folder, and certificates for services. Run it again to renew them.")
        {
            services, folder, trustDomain, dns, days, crl, revoke, force,
        };
        command.Validators.Add(result =>
        {
            string[] names = [.. result.GetValue(services) ?? [], .. result.GetValue(revoke) is { } revoked ? [revoked] : Array.Empty<string>()];
            if (names.Length == 0 && !result.GetValue(crl))
            {
                result.AddError("name at least one SERVICE, or --crl, or --revoke SERVICE");
            }

            foreach (var name in names.Where(name => !IsServiceName(name)))
            {
                result.AddError($"'{name}' cannot name a service: letters, digits, '-', '_' and '.', a letter or digit first, and none of {string.Join(", ", Reserved)}");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new DevCertsRequest(parsed.GetRequiredValue(folder), [.. (parsed.GetValue(services) ?? []).Distinct(StringComparer.Ordinal)])
            {
                TrustDomain = parsed.GetValue(trustDomain),
                DnsNames = parsed.GetValue(dns) ?? [],
                Days = parsed.GetValue(days),
                Crl = parsed.GetValue(crl),
                Revoke = parsed.GetValue(revoke),
                Force = parsed.GetValue(force),
            };
            new DevCertsMaker(request, console).Run(cancellationToken);
            return Task.FromResult(ExitCode.Accepted);
        });
        return command;
    }

    // A name is one segment of a SPIFFE path and the name of two files, so it may not lead elsewhere; a misspelled option comes as a name too.
    private static bool IsServiceName(string name) =>
        name.Length > 0
        && char.IsAsciiLetterOrDigit(name[0])
        && !name.Contains('/', StringComparison.Ordinal)
        && SpiffeId.TryParse($"spiffe://{DefaultTrustDomain}/{name}", out _)
        && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static void CheckDns(OptionResult result)
    {
        foreach (var name in result.Tokens.Select(token => token.Value).Where(name => !WorkloadId.TryParse("dns:" + name, out _)))
        {
            result.AddError($"--dns: '{name}' is not a DNS name in lower case");
        }
    }

    private static int ParseDays(ArgumentResult result)
    {
        if (int.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays)
        {
            return days;
        }

        result.AddError($"--days: '{Text(result)}' is not between 1 and {MaxDays}");
        return 1;
    }

    // Name constraints compare hosts, so the trust domain has to be the name of one.
    private static TrustDomain? ParseTrustDomain(ArgumentResult result)
    {
        var text = Text(result);
        if (TrustDomain.TryParse(text, out var domain) && WorkloadId.TryParse("dns:" + text, out _))
        {
            return domain;
        }

        result.AddError($"--trust-domain: '{text}' is not a host name in lower case");
        return null;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
}
