using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>
/// Two subjects of each of two tenants, and a peer without a context, use at random what keeps or repeats answers. Nothing of one reaches
/// another.
/// </summary>
/// <remarks><c>ZEROTRUST_TENANT_OPERATIONS</c> is the number of operations, <c>ZEROTRUST_SEED</c> the seed.</remarks>
public sealed class TenantSeparationTests
{
    private const int Workers = 4;
    private static readonly string[] Callers = ["acme", "acme/idp/bob", "globex", "globex/idp/bob"];

    private static readonly int Operations =
        int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_TENANT_OPERATIONS") ?? "2000", CultureInfo.InvariantCulture);
    private static readonly ulong Seed =
        ulong.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SEED") ?? "20260601", CultureInfo.InvariantCulture);

    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _foreign = [];
    private readonly ConcurrentDictionary<string,
    (HubConnection Connection, SemaphoreSlim Turn)> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AntiforgeryForm> _forms = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nothing_of_one_caller_reaches_another()
    {
        var service = new SharedService();
        await using var tenants = await TwoTenants.StartAsync(service.Map, SharedService.Configure, SharedService.Use);
        foreach (var caller in Callers)
        {
            _forms[caller] = await AntiforgeryForm.GetAsync(tenants, caller);
            _connections[caller] = (await ConnectAsync(tenants, caller), new SemaphoreSlim(1));
        }

        await Parallel.ForAsync(
            0,
            Operations,
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = TestContext.Current.CancellationToken },
            async (index, _) =>
            await OperateAsync(tenants, Dice.Of(Seed, index), index));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Seed}, {Operations} operations, {_foreign.Count} foreign answers; "
            + string.Join(
                ", ",
                _outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => $"{outcome.Key}: {outcome.Value}")));
        Assert.Empty(_foreign);

        // Else the run would show nothing.
        Assert.True(Of("output cache, repeated") > 0, "The output cache was never of use.");
        Assert.True(Of("long polling, 200") > 0, "No hub ever answered.");
        Assert.True(Of("form, 200") > 0, "No form was ever accepted.");

        // 404 where the page of the refusal cannot be posted to.
        Assert.True(Of("form of another, 400") + Of("form of another, 404") > 0, "No form of another was ever refused.");
        Assert.True(Of("long polling of another, 403") > 0, "No request for the connection of another was ever refused.");
        int Of(string outcome) => _outcomes.GetValueOrDefault(outcome);
    }

    private static async Task<HubConnection> ConnectAsync(TwoTenants tenants, string caller)
    {
        var connection = await HubConnection.NegotiateAsync(tenants, caller);
        await connection.PollAsync(caller);
        await connection.ShakeHandsAsync(caller);
        return connection;
    }

    private static string NameOf(string caller) => caller.Contains('/', StringComparison.Ordinal) ? caller : caller + "/idp/alice";

    private async Task OperateAsync(TwoTenants tenants, Dice dice, int index)
    {
        var caller = dice.OneIn(8) ? null : dice.Pick(Callers);
        var id = dice.Below(4);
        var context = $"operation {index} as {caller ?? "nobody"}";
        switch (dice.Below(8))
        {
            case 0 or 1:
                await GetAsync(tenants, "output cache", caller, dice.OneIn(4) ? HttpMethod.Head : HttpMethod.Get, $"/kept/{id}", context);
                break;
            case 2:
                await GetAsync(tenants, "output cache, default policy", caller, HttpMethod.Get, $"/kept-by-default/{id}", context);
                break;
            case 3:
                await GetAsync(tenants, "response cache", caller, HttpMethod.Get, $"/shared/{id}?page={dice.Below(2)}", context);
                break;
            case 4:
                await GetAsync(
                    tenants, "re-execution", caller, HttpMethod.Get, $"/{dice.Pick("missing", "failing", "gone")}/{id}", context);
                break;
            case 5:
                await PostFormAsync(tenants, caller, dice.Pick(Callers), context);
                break;
            case 6:
                await PollAsync(tenants, caller, dice.Pick(Callers), dice, context);
                break;
            default:
                await EvictAsync(tenants, caller, dice, context);
                break;
        }
    }

    private async Task GetAsync(TwoTenants tenants, string operation, string? caller, HttpMethod method, string path, string context)
    {
        using var response = await tenants.SendAsync(caller, new HttpRequestMessage(method, path));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var madeFor = response.Headers.TryGetValues("X-Made-For", out var values) ? string.Concat(values) : string.Empty;
        Judge(operation, caller, response.StatusCode, $"{madeFor}\n{body}", context, mustAnswer: method == HttpMethod.Get);
        if (response.Headers.Age is not null)
        {
            Count(operation + ", repeated");
        }
    }

    private async Task PostFormAsync(TwoTenants tenants, string? caller, string holder, string context)
    {
        var answer = await _forms[holder].PostAsync(tenants, caller);
        Judge(caller == holder ? "form" : "form of another", caller, StatusOf(answer), answer[3..], context, mustAnswer: true);
        if (caller != holder && StatusOf(answer) == HttpStatusCode.OK)
        {
            _foreign.Add($"{context}: the form of {holder} was accepted");
        }
    }

    private async Task PollAsync(TwoTenants tenants, string? caller, string holder, Dice dice, string context)
    {
        var (connection, turn) = _connections[holder];
        if (caller != holder)
        {
            var refused = dice.Below(3) switch
            {
                0 => await connection.AskAsync(caller),
                1 => await connection.PollAsync(caller),
                _ => await connection.EndAsync(caller),
            };
            Judge("long polling of another", caller, StatusOf(refused), refused[3..], context, mustAnswer: true);
            if ((int)StatusOf(refused) < 400)
            {
                _foreign.Add($"{context}: the connection of {holder} took it: {refused}");
            }

            return;
        }

        await turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await connection.AskAsync(caller);
            var answer = await connection.PollAnswerAsync(caller);
            Judge("long polling", caller, HttpStatusCode.OK, answer, context, mustAnswer: true);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task EvictAsync(TwoTenants tenants, string? caller, Dice dice, string context)
    {
        if (dice.OneIn(8))
        {
            await tenants.Host.Services.GetRequiredService<IOutputCacheStore>()
                .EvictByTagAsync("answers", TestContext.Current.CancellationToken);
        }

        await GetAsync(tenants, "output cache", caller, HttpMethod.Get, $"/kept/{dice.Below(4)}", context);
    }

    private static HttpStatusCode StatusOf(string answer) =>
        (HttpStatusCode)int.Parse(answer.AsSpan(0, 3), provider: CultureInfo.InvariantCulture);

    private void Judge(string operation, string? caller, HttpStatusCode status, string answer, string context, bool mustAnswer)
    {
        Count($"{operation}, {(int)status}");
        var names = Callers.Select(NameOf).Where(name => answer.Contains(name, StringComparison.Ordinal)).ToList();
        var isOwn = caller is not null && names.All(name => name == NameOf(caller));
        var isAnswered = (int)status < 300 && mustAnswer;
        if ((names.Count > 0 && !isOwn)
            || (isAnswered && names.Count == 0)
            || answer.Contains(SharedService.Secret, StringComparison.Ordinal))
        {
            _foreign.Add($"{context}: {operation} answered {(int)status} {answer}");
        }
    }

    private void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
}
