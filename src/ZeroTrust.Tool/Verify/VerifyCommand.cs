using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Verify;

/// <summary><c>zerotrust verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolConsole console)
    {
        var certificate = new Argument<string>("CERT")
        {
            Description = "PEM or DER: the leaf first, then its intermediates; - reads standard input.",
        };
        var ca = new Option<string[]>("--ca")
        {
            HelpName = "FILE",
            Description = "The anchors of the trust domain, PEM or DER. May be given several times.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var role = new Option<string>("--role") { Description = "The part the certificate's owner plays.", DefaultValueFactory = _ => "client" };
        role.AcceptOnlyFromAmong("client", "server");
        var trustDomain = new Option<TrustDomain?>("--trust-domain")
        {
            HelpName = "TD",
            Description = "The trust domain the anchors belong to. Default: that of the leaf's SPIFFE ID.",
            CustomParser = ParseTrustDomain,
        };
        var name = new Option<WorkloadId?>("--name")
        {
            HelpName = "WORKLOAD",
            Description = "Who it has to be: a SPIFFE ID or a DNS name.",
            CustomParser = ParseWorkload,
        };
        var crl = new Option<string[]>("--crl")
        {
            HelpName = "FILE",
            Description = "CRLs, PEM or DER. With any, a certificate whose status they do not tell is refused.",
            AllowMultipleArgumentsPerToken = true,
        };
        var maxLeafLifetime = new Option<TimeSpan?>("--max-leaf-lifetime")
        {
            HelpName = "DURATION",
            Description = "The longest life of a leaf: 24h, 7d, or as in the configuration, 1.00:00:00. Default: 24h without CRLs, no limit with them.",
            CustomParser = ParseDuration,
        };
        var at = new Option<DateTimeOffset?>("--at")
        {
            HelpName = "TIME",
            Description = "The moment of the decision, UTC unless it says otherwise. Default: now.",
            CustomParser = ParseTime,
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };

        var command = new Command("verify", "Tell step by step whether services accept a certificate. Exit code: 0 accepted, 1 refused, 2 unreadable.")
        {
            certificate, ca, role, trustDomain, name, crl, maxLeafLifetime, at, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new VerifyRequest(parsed.GetRequiredValue(certificate), parsed.GetRequiredValue(ca))
            {
                Role = parsed.GetValue(role) == "server" ? PeerRole.Server : PeerRole.Client,
                TrustDomain = parsed.GetValue(trustDomain),
                Expected = parsed.GetValue(name),
                CrlFiles = parsed.GetValue(crl) ?? [],
                MaxLeafLifetime = parsed.GetValue(maxLeafLifetime),
                At = parsed.GetValue(at) ?? console.Time.GetUtcNow(),
            },
            parsed.GetValue(json),
            console,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(VerifyRequest request, bool json, ToolConsole console, CancellationToken cancellationToken)
    {
        var input = await VerifyInput.ReadAsync(request, console, cancellationToken).ConfigureAwait(false);
        var report = VerifyReport.Of(Explainer.Explain(input));
        if (json)
        {
            await console.Output.WriteLineAsync(JsonSerializer.Serialize(report, VerifyReportJson.Default.VerifyReport)).ConfigureAwait(false);
        }
        else
        {
            TextReport.Write(report, console);
        }

        return report.Code is null ? ExitCode.Accepted : ExitCode.Refused;
    }

    private static TrustDomain? ParseTrustDomain(ArgumentResult result)
    {
        if (TrustDomain.TryParse(Text(result), out var domain))
        {
            return domain;
        }

        result.AddError($"--trust-domain: '{Text(result)}' is not a trust domain name");
        return null;
    }

    private static WorkloadId? ParseWorkload(ArgumentResult result)
    {
        var text = Text(result);
        if (WorkloadId.TryParse(text, out var workload) || WorkloadId.TryParse("dns:" + text.ToLowerInvariant(), out workload))
        {
            return workload;
        }

        result.AddError($"--name: '{text}' is neither the SPIFFE ID of a workload nor a DNS name");
        return null;
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(Text(result), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError($"--at: '{Text(result)}' is not a time, such as 2030-06-01T12:00:00Z");
        return null;
    }

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        if (Duration.TryParse(Text(result), out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        result.AddError($"--max-leaf-lifetime: '{Text(result)}' is not a duration, such as 24h, 7d or 1.00:00:00");
        return null;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
}
