using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>
/// Every input of trust is written over in every way while peers call: none that is valid loses a call, and none that is denied is served.
/// <c>ZEROTRUST_TABLE_ROUNDS=10</c> writes each ten times.
/// </summary>
public sealed class WrittenOverTests(TrustPki pki, ITestOutputHelper output) : IClassFixture<TrustPki>, IDisposable
{
    private const int WidestLine = 420;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EdgeOften = TimeSpan.FromSeconds(1);

    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_TABLE_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("zerotrust-table-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Inputs =>
    [
        "anchors, PEM", "anchors, PKCS#12", "credential, PEM", "credential, PKCS#12", "CRLs", "deny-list", "deny-list without end",
        "token service keys", "edge certificate",
    ];

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task No_valid_call_is_lost_and_no_denied_peer_is_served_while_it_is_written_over(string input)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need privileges on Windows.");
        await WriteOverAsync(input);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task WriteOverAsync(string input)
    {
        using var volume = new Volume(Path.Combine(_folder, "volume"));
        var versionOf = VersionsOf()[input];
        var clock = new LookClock();
        await using var service = await LiveService.StartAsync(pki, Place(volume, versionOf(true)), clock, Cancelled);
        await CalledAsync(service);

        var isLong = true;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in Enum.GetValues<Rewrite>())
            {
                if (way == Rewrite.OnFullDisk && volume.WhyNoDisk is { } reason)
                {
                    output.WriteLine($"| {input} | {way} | skipped: {reason} |");
                    continue;
                }

                // What is written over a longer one leaves a tail; the others are written in turn.
                isLong = way == Rewrite.LeavingTail && !isLong ? await BecomeLongAsync(service, volume, versionOf(true)) : isLong;
                await RowAsync(input, way, service, volume, versionOf(!isLong), () => clock.LooksAsync(input == "edge certificate" ? EdgeOften : Often, 1, Cancelled));
                isLong = !isLong;
            }
        }

        Assert.Superset(
            new HashSet<string>(["aspnetcore.peer_required", "jose.signature_invalid", "mtls.workload_denied", "x509.revoked", "x509.untrusted_anchor"], StringComparer.Ordinal),
            service.Log.Codes.ToHashSet(StringComparer.Ordinal));
    }

    private Dictionary<string, Func<bool, TrustVersion>> VersionsOf() => new(StringComparer.Ordinal)
    {
        ["anchors, PEM"] = isLong => pki.Anchors(isLong, asPkcs12: false),
        ["anchors, PKCS#12"] = isLong => pki.Anchors(isLong, asPkcs12: true),
        ["credential, PEM"] = isLong => pki.Own(isLong, asPkcs12: false),
        ["credential, PKCS#12"] = isLong => pki.Own(isLong, asPkcs12: true),
        ["CRLs"] = pki.Crls,
        ["deny-list"] = isLong => pki.DenyList(isLong, hasEnd: true),
        ["deny-list without end"] = isLong => pki.DenyList(isLong, hasEnd: false),
        ["token service keys"] = pki.Keys,
        ["edge certificate"] = pki.Edge,
    };

    /// <summary>The input that is written over in the volume, all others in a folder.</summary>
    private Dictionary<string, string> Place(Volume volume, TrustVersion written)
    {
        volume.Fill(written.Files);
        var paths = written.Files.Keys.ToDictionary(file => file, volume.PathOf, StringComparer.Ordinal);
        TrustVersion[] others = [pki.Crls(isLong: true), pki.DenyList(isLong: true, hasEnd: true), pki.Keys(isLong: true), pki.Edge(isLong: true)];
        others = paths.ContainsKey("ca.p12") ? others : [.. others, pki.Anchors(isLong: true, asPkcs12: false)];
        others = paths.ContainsKey("own.p12") ? others : [.. others, pki.Own(isLong: true, asPkcs12: false)];
        foreach (var (file, content) in others.SelectMany(other => other.Files).Where(other => !paths.ContainsKey(other.Key)))
        {
            paths[file] = Path.Combine(_folder, file);
            Volume.Write(paths[file], content);
        }

        return paths;
    }

    private static async Task<bool> BecomeLongAsync(LiveService service, Volume volume, TrustVersion version)
    {
        volume.Mend(Rewrite.ByRename, version.Files);
        await LookClock.UntilAsync(() => version.IsInUse(service), () => "The longer one was not taken.", Cancelled);
        return true;
    }

    private async Task RowAsync(string input, Rewrite way, LiveService service, Volume volume, TrustVersion next, Func<Task> look)
    {
        var before = service.Callers.Select(caller => (caller.Calls, caller.Wrong)).ToList();
        var lines = service.Log.Count;
        await volume.WriteAsync(way, next.Files, look);
        if (way is Rewrite.LeavingTail or Rewrite.OnFullDisk)
        {
            await LookClock.UntilAsync(() => service.Log.Count > lines, () => $"{input}, {way}: nothing was said.", Cancelled);
            await look();
            await look();
            volume.Mend(way, next.Files);
        }

        await LookClock.UntilAsync(
            () => next.IsInUse(service),
            () => $"{input}, {way}: what was written is not in use. {string.Join('\n', service.Log.Since(lines))}",
            Cancelled);
        await CalledAsync(service);

        var counts = service.Callers
            .Zip(before, (caller, then) => (caller.IsValid, Calls: caller.Calls - then.Calls, Wrong: caller.Wrong - then.Wrong))
            .ToLookup(count => count.IsValid);
        var (calls, lost) = (counts[true].Sum(count => count.Calls), counts[true].Sum(count => count.Wrong));
        var (attempts, served) = (counts[false].Sum(count => count.Calls), counts[false].Sum(count => count.Wrong));
        output.WriteLine($"| {input} | {way} | {calls} | {lost} | {attempts} | {served} | {Quote(service.Log.Since(lines))} |");
        var failures = service.Callers.SelectMany(caller => caller.Failures.Take(2).Select(failure => $"{caller.Name}: {failure}"));
        Assert.True(lost == 0, $"{input}, {way}: {string.Join('\n', failures)}");
        var denied = service.Callers.Where(caller => !caller.IsValid && caller.Served > 0).Select(caller => caller.Name);
        Assert.True(served == 0, $"{input}, {way}: {string.Join(", ", denied)} served");
    }

    /// <summary>The first of the loudest lines, which is the one that an operator has to see, and how many there were.</summary>
    private string Quote(IEnumerable<(LogLevel Level, string Name, string Text)> lines)
    {
        var all = lines.ToList();
        var (level, name, text) = all.MaxBy(line => line.Level);
        text = text.Replace(_folder, string.Empty, StringComparison.Ordinal);
        return $"{level} {name}: {(text.Length > WidestLine ? text[..WidestLine] + "…" : text)} ({all.Count} lines)";
    }

    private static Task CalledAsync(LiveService service)
    {
        var calls = service.Callers.Select(caller => caller.Calls).ToList();
        return LookClock.UntilAsync(
            () => service.Callers.Zip(calls).All(pair => pair.First.Calls >= pair.Second + 2),
            () => $"There are no calls. {string.Join('\n', service.Callers.SelectMany(caller => caller.Failures.Take(1)))}",
            Cancelled);
    }
}
