using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Internal;
using ZeroTrust.Tool.Judges;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Verify;

/// <summary><c>zerotrust verify</c>.</summary>
internal static class VerifyCommand
{
    private const string Name = "verify";
    private const string Json = "--json";

    public static Command Create(ToolConsole console)
    {
        var certificate = new Argument<string?>("CERT")
        {
            Description = "What the peer sends, PEM or DER: the leaf first, then its intermediates; - reads standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var service = new SettingsOptions();
        var ca = new Option<string[]>("--ca")
        {
            HelpName = "FILE",
            Description = "Without --settings: the anchors of the trust domain, PEM, DER or PKCS#12. May be given several times.",
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
        var json = new Option<bool>(Json) { Description = "Write one JSON object, also where there is no verdict." };

        var command = new Command(Name, "Tell step by step whether services accept a certificate. Exit code: 0 accepted, 1 refused, 2 unreadable.")
        {
            certificate, ca, role, trustDomain, name, crl, maxLeafLifetime, at, json,
        };
        service.AddTo(command, certificate, [ca, role, trustDomain, name, crl, maxLeafLifetime]);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new VerifyRequest
            {
                CertificateFile = parsed.GetValue(certificate),
                PeerSettings = service.PeerOf(parsed),
                Settings = service.Of(parsed),
                Listener = parsed.GetValue(service.Listener),
                Server = parsed.GetValue(service.Server),
                CaFiles = parsed.GetValue(ca) ?? [],
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

    /// <summary>Whether JSON was asked for, also on a command line that is wrong elsewhere.</summary>
    public static bool WritesJson(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name && parsed.GetResult(Json) is OptionResult { Implicit: false } json && !json.Errors.Any()
            && json.GetValueOrDefault<bool>();

    /// <summary>Tells that there is no verdict.</summary>
    public static Task WriteFailureAsync(string error, ToolConsole console) =>
        console.Output.WriteLineAsync(JsonSerializer.Serialize(new VerifyFailure { Error = error }, VerifyReportJson.Default.VerifyFailure));

    private static async Task<int> RunAsync(VerifyRequest request, bool json, ToolConsole console, CancellationToken cancellationToken)
    {
        var report = await ExplainAsync(request, console, cancellationToken).ConfigureAwait(false);
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

    private static async Task<VerifyReport> ExplainAsync(VerifyRequest request, ToolConsole console, CancellationToken cancellationToken)
    {
        // Files of the command line first: paths of settings begin elsewhere.
        var presented = request.CertificateFile is { } file
            ? new PresentedChain(await InputFile.ReadPresentedAsync(file, console, cancellationToken).ConfigureAwait(false))
            : await PresentAsync(request, console).ConfigureAwait(false);
        if (request.Settings is not { } settings)
        {
            var judge = await VerifyInput.ReadFilesAsync(request, console, cancellationToken).ConfigureAwait(false);
            return VerifyReport.Of(Explainer.Explain(VerifyInput.Of(request, presented, judge)));
        }

        console.EnterFolder(settings.Folder);
        var host = await ServiceHost.CreateAsync(settings, request.At, console.Time).ConfigureAwait(false);
        await using var closing = host.ConfigureAwait(false);
        PeerJudge asked = request.Listener is { } listener ? new ListenerJudge(host, listener) : new ServerJudge(host, request.Server!);
        return VerifyReport.Of(Explainer.Explain(VerifyInput.Of(request, presented, asked)));
    }

    private static async Task<PresentedChain> PresentAsync(VerifyRequest request, ToolConsole console)
    {
        console.EnterFolder(request.PeerSettings!.Folder);
        return await PresentedChain.OfServiceAsync(request.PeerSettings, request.At, console.Time).ConfigureAwait(false);
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
