using System.Globalization;
using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;

namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>
/// Every flaw is found, and is one: without it the exploit shows nothing, with it tenant b reads, changes or knows of a row of tenant a.
/// </summary>
public sealed class FlawTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private static readonly Flaw[] Flawed = [.. RoleFlaws.All, .. TableFlaws.All, .. KeyFlaws.All, .. FunctionFlaws.All,
        .. LeakproofFlaws.All, .. PolicyFlaws.All, .. BodyFlaws.All, .. ActionFlaws.All, .. TypeFlaws.All, .. SupportFlaws.All,
        .. SystemFlaws.All, .. ServerFlaws.All, .. SequenceFlaws.All, .. TenantFunctionFlaws.All, .. ComparisonFlaws.All];

    private static readonly Flaw[] Sound = [.. SoundSchemas.All, .. SoundTypes.All];
    private static int _number = 40_000;

    private readonly string _own = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);

    public static TheoryData<string> FlawNames => [.. Flawed.Select(flaw => flaw.Name)];

    public static TheoryData<string> SoundNames => [.. Sound.Select(schema => schema.Name)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(FlawNames))]
    public async Task A_flaw_is_found_and_is_one(string name)
    {
        var flaw = Flawed.Single(flaw => flaw.Name == name);
        using var database = new OrdersDatabase(server, signed: true);
        var version = Require(database, flaw);
        var exploit = Fill(database, flaw.Exploit);
        Assert.False(await WorksAsync(database, exploit, flaw.Proof), "The exploit works without the flaw.");
        database.AsSuperuser("DELETE FROM lines WHERE id > 2; DELETE FROM orders WHERE id > 2; DELETE FROM countries WHERE name <> "
            + "'Utopia'; SELECT '' WHERE false");
        Assert.Contains(flaw.Code, await CodesAsync(database, flaw), StringComparer.Ordinal);
        Assert.True(version > flaw.WorksUntil || await WorksAsync(database, exploit, flaw.Proof), "The exploit does not work.");
    }

    [Theory]
    [MemberData(nameof(SoundNames))]
    public async Task A_sound_schema_has_no_finding(string name)
    {
        var schema = Sound.Single(schema => schema.Name == name);
        using var database = new OrdersDatabase(server, signed: true);
        Require(database, schema);
        Assert.Empty(await CodesAsync(database, schema));
    }

    private static int Require(OrdersDatabase database, Flaw flaw)
    {
        var version = int.Parse(database.AsSuperuser("SHOW server_version_num")[0], CultureInfo.InvariantCulture) / 10_000;
        Assert.SkipUnless(version >= flaw.From, $"PostgreSQL {version} does not have it.");
        Assert.SkipUnless(
            flaw.Extension is null || database.AsSuperuser($"SELECT name FROM pg_available_extensions WHERE name = "
                + $"'{flaw.Extension}'").Count > 0 && Loads(database, flaw.Extension), $"{flaw.Extension} is not installed.");
        return version;
    }

    // Packages of PostgreSQL may list an extension and not have the library that it needs.
    private static bool Loads(OrdersDatabase database, string extension)
    {
        try
        {
            database.AsSuperuser($"BEGIN; CREATE EXTENSION IF NOT EXISTS {extension}; ROLLBACK; SELECT '' WHERE false");
            return true;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedFile)
        {
            return false;
        }
    }

    private async Task<string[]> CodesAsync(OrdersDatabase database, Flaw flaw)
    {
        database.AsSuperuser(Fill(database, flaw.Setup) + "; SELECT '' WHERE false");
        foreach (var shared in flaw.Shared)
        {
            database.Options.SharedObjects.Add(shared);
        }

        var report = await RowSecurityAudit.RunAsync(database.Connect(database.App, "Pooling=false"), database.Options, Stop);
        foreach (var finding in report.Findings)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(finding.ToString());
        }

        return [.. report.Findings.Select(finding => finding.Code)];
    }

    private string Fill(OrdersDatabase database, string sql) => Enabled(sql)
        .Replace("\"$user\"", "\"\u0001\"", StringComparison.Ordinal)
        .Replace("$app", database.App, StringComparison.Ordinal)
        .Replace("$owner", database.Owner, StringComparison.Ordinal)
        .Replace("$reports", database.Reports, StringComparison.Ordinal)
        .Replace("$db", database.Name, StringComparison.Ordinal)
        .Replace("$port", server.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("$folder", server.Folder, StringComparison.Ordinal)
        .Replace("$number", _own, StringComparison.Ordinal)
        .Replace("$x", $"x_{_own}", StringComparison.Ordinal)
        .Replace("$y", $"y_{_own}", StringComparison.Ordinal)
        .Replace("\u0001", "$user", StringComparison.Ordinal);

    private static string Enabled(string sql)
    {
        while (sql.IndexOf("$enable(", StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = sql.IndexOf(')', start);
            sql = sql[..start] + RowSecuritySql.Enable(sql[(start + "$enable(".Length)..end], "tenant_id") + sql[(end + 1)..];
        }

        return sql;
    }

    private static async Task<bool> WorksAsync(OrdersDatabase database, string exploit, Proof proof)
    {
        var before = RowsOfA(database);
        var source = database.Connect(database.App, "Pooling=false");
        await using var a = await source.WithTenant(Contexts.Of("a"), database.Key).OpenConnectionAsync(Stop);
        await using var b = await source.WithTenant(Contexts.Of("b"), database.Key).OpenConnectionAsync(Stop);
        await using var owner = await database.Connect(database.Owner, "Pooling=false").OpenConnectionAsync(Stop);
        var answer = string.Empty;
        try
        {
            foreach (var line in exploit.Split('\n'))
            {
                var (connection, sql) = line switch
                {
                    _ when line.StartsWith("a> ", StringComparison.Ordinal) => (a, line["a> ".Length..]),
                    _ when line.StartsWith("owner> ", StringComparison.Ordinal) => (owner, line["owner> ".Length..]),
                    _ => (b, line),
                };
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
                command.CommandText = sql;
#pragma warning restore CA2100
                await using var reader = await command.ExecuteReaderAsync(Stop);
                answer = string.Empty;
                while (await reader.ReadAsync(Stop))
                {
                    answer += $"{reader.GetValue(0)}\n";
                }
            }
        }
        catch (PostgresException exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(exception.MessageText);
            answer = exception.SqlState is PostgresErrorCodes.CardinalityViolation or PostgresErrorCodes.InvalidRegularExpression
                or PostgresErrorCodes.NumericValueOutOfRange ? "failed"
                : exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation ? "known"
                : exception.MessageText;
        }

        return proof switch
        {
            Proof.Reads => answer.Contains("anvil", StringComparison.Ordinal),
            Proof.Knows => answer == "known",
            Proof.Fails => answer == "failed",
            _ => before != RowsOfA(database),
        };
    }

    private static string RowsOfA(OrdersDatabase database)
    {
        try
        {
            return string.Join('\n', database.AsSuperuser("SELECT o::text FROM orders o WHERE tenant_id = 'a' ORDER BY 1"));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "gone";
        }
    }
}
