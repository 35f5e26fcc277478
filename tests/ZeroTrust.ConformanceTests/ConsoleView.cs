using System.Globalization;
using ZeroTrust.ConformanceTests.Redaction;
using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>Shows a run to people.</summary>
internal static class ConsoleView
{
    private const int MostIds = 20;

    public static void ShowRun(IReadOnlyList<FileResult> results)
    {
        if (results.Count == 0)
        {
            Console.WriteLine(Conformance.Corpora.HowToPoint);
        }

        foreach (var result in results)
        {
            Console.WriteLine(result);
            ShowList("not run", [.. result.Skipped.Select(test => $"{test.Id}: {test.Unrunnable}")], int.MaxValue);
            ShowList("explained", [.. result.Explained.Select(judged => $"{judged}\n      {result.ReasonFor(judged)}")], int.MaxValue);
            ShowList("UNEXPLAINED", [.. result.Unexplained.Select(judged => judged.ToString())], int.MaxValue);
            ShowList("NO LONGER A DEVIATION", [.. result.Stale.Select(judged => judged.ToString())], int.MaxValue);
            ShowList("DEFECT", [.. result.Defects.Select(judged => $"{judged}; with the veto {judged.WithVeto.Code}: {judged.WithVeto.Detail}")], MostIds);
            ShowVeto(result);
        }
    }

    public static void ShowSignatures(IReadOnlyList<JwsResult> results)
    {
        foreach (var result in results)
        {
            Console.WriteLine(result);
            ShowList("explained", [.. result.Explained.Select(judged => $"{judged}\n      {result.ReasonFor(judged)}")], int.MaxValue);
            ShowList("UNEXPLAINED", [.. result.Unexplained.Select(judged => judged.ToString())], int.MaxValue);
            ShowList("NO LONGER A DEVIATION", [.. result.Stale.Select(judged => judged.ToString())], int.MaxValue);
        }
    }

    /// <summary>A line for each file of the redaction corpora, and one for each case that came out otherwise.</summary>
    public static void ShowRedaction(IReadOnlyList<RedactionResult> results)
    {
        foreach (var result in results)
        {
            Console.WriteLine(result);
            ShowList("missed", [.. result.Missed.Select(Describe)], int.MaxValue);
            ShowList("false positive", [.. result.FalsePositives.Select(Describe)], int.MaxValue);
            ShowList("not judged", [.. result.NotJudged.Select(static verdict => $"{Describe(verdict)}: {verdict.Skipped}")], int.MaxValue);
        }
    }

    public static void ShowLive(IReadOnlyList<LiveResult> results)
    {
        if (OpenSsl.Version is null)
        {
            Console.WriteLine($"No live handshakes. {OpenSsl.HowToGet}");
        }

        foreach (var result in results)
        {
            Console.WriteLine(result);
            ShowList("not run", [.. result.Skipped.Select(test => $"{test.Id}: {test.Unrunnable}")], int.MaxValue);
            ShowList("refused by TLS before us", [.. result.RefusedByTls.Select(live => $"{live.Id}: {live.RefusedByTls}")], int.MaxValue);
            ShowList("DISAGREES", [.. result.Disagreeing.Select(live => live.ToString())], int.MaxValue);
        }
    }

    public static async Task<int> ShowCasesAsync(Corpora corpora, string text)
    {
        var found = corpora.Read().SelectMany(file => file.Cases).Where(test => test.Id.Contains(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        foreach (var test in found)
        {
            await ShowCaseAsync(test);
        }

        Console.WriteLine(found.Length == 0 ? $"No case's id holds '{text}'. {corpora.Root}" : $"{found.Length} cases");
        return found.Length == 0 ? 1 : 0;
    }

    private static void ShowVeto(FileResult result)
    {
        var changed = result.ChangedByVeto.ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  with the veto: {changed.Count(judged => judged.Outcome.Accepted)} accepted become refused ({result.Cost.TotalMilliseconds:F0} ms become {result.VetoCost.TotalMilliseconds:F0} ms)"));
        ShowList("changed", [.. changed.Select(judged => $"{judged.Test.Id}: {judged.WithVeto.Code}: {judged.WithVeto.Detail}")], MostIds);
    }

    private static void ShowList(string title, string[] lines, int most)
    {
        foreach (var line in lines.Take(most))
        {
            Console.WriteLine($"    {title}: {line}");
        }

        if (lines.Length > most)
        {
            Console.WriteLine($"    {title}: and {lines.Length - most} more");
        }
    }

    private static async Task ShowCaseAsync(ConformanceCase test)
    {
        Console.WriteLine(test.Id);
        if (test.Unrunnable is { } why)
        {
            Console.WriteLine($"  not run: {why}");
            return;
        }

        Console.WriteLine($"  {test.Description.ReplaceLineEndings("\n  ")}");
        Console.WriteLine($"  leaf: {Describe(test.Leaf)}");
        ShowList("intermediate", [.. test.Intermediates.Select(Describe)], int.MaxValue);
        ShowList("anchor", [.. test.Anchors.Select(Describe)], int.MaxValue);
        ShowList("CRL", [.. test.Crls.Select(crl => CertificateRevocationList.Read(crl).Rejection?.Detail ?? "readable")], int.MaxValue);
        ShowList("policy", [.. test.Policies.Select(policy => $"{policy}, expects {string.Join(", ", policy.Expected)}, wildcards below {string.Join(", ", policy.WildcardDomains)}")], int.MaxValue);
        Console.WriteLine($"  at {test.Time:O}");
        var judged = new JudgedCase(test, CaseRunner.Run(test, veto: false), CaseRunner.Run(test, veto: true));
        Console.WriteLine($"  {(judged.Deviates ? "DEVIATES" : "agrees")}: {judged}");
        Console.WriteLine($"  with the veto {judged.WithVeto.Code}: {judged.WithVeto.Detail}");
        if (test.Key is null || OpenSsl.Version is null)
        {
            return;
        }

        foreach (var peer in Enum.GetValues<LiveSide>())
        {
            var live = await LiveHandshake.RunAsync(judged, peer);
            Console.WriteLine($"  openssl as the {(peer == LiveSide.Client ? "client" : "server")} {(live.Agrees ? "agrees" : "DISAGREES")}: {live}");
        }
    }

    private static string Describe(ReadOnlyMemory<byte> der) =>
        Certificate.Read(der).TryGet(out var certificate, out var rejection)
            ? $"{certificate} by {certificate.IssuerName}, {certificate.NotBefore:O} to {certificate.NotAfter:O}"
            : $"unreadable: {rejection.Detail}";

    private static string Describe(RedactionVerdict verdict) => $"{verdict.Line} {verdict.Rule}: {verdict.Shown.ReplaceLineEndings(" ")}";
}
