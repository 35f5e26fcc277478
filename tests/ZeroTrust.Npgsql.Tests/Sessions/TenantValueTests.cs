using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>How long a signed tenant lives, and for which session.</summary>
public sealed class TenantValueTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly TenantSigningKey Key = new("k1", new byte[32]);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 16)]
    [InlineData(30, 45)]
    [InlineData(115, 126)]
    [InlineData(300, 126)]
    [InlineData(0, 126)]
    public async Task It_lives_as_long_as_the_command_may_take_and_no_longer_than_the_context(int timeout, int seconds)
    {
        await using var connection = await OpenAsync();
        Assert.Equal(seconds, Lifetime(Session().Value(connection, timeout)));
    }

    [Fact]
    public async Task A_busy_connection_signs_anew_when_what_is_left_is_less_than_a_command_needs()
    {
        await using var connection = await OpenAsync();
        var session = Session();
        var first = session.Value(connection, timeout: 30);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(first, session.Value(connection, timeout: 30));
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = session.Value(connection, timeout: 30);
        Assert.NotEqual(first, second);
        Assert.Equal(45, Lifetime(second));
    }

    [Fact]
    public async Task A_short_command_is_not_sent_the_value_of_a_long_one()
    {
        await using var connection = await OpenAsync();
        var session = Session();
        Assert.Equal(75, Lifetime(session.Value(connection, timeout: 60)));
        Assert.Equal(20, Lifetime(session.Value(connection, timeout: 5)));
    }

    [Fact]
    public async Task Each_session_of_the_database_has_its_own()
    {
        using var database = new OrdersDatabase(server);
        await using var one = await database.Source.OpenConnectionAsync(Stop);
        await using var other = await database.Source.OpenConnectionAsync(Stop);
        var session = Session();
        Assert.Equal(one.ProcessID, SessionOf(session.Value(one, timeout: 30)));
        Assert.Equal(other.ProcessID, SessionOf(session.Value(other, timeout: 30)));
        Assert.Equal(0, SessionOf(Session(Pooler.Session).Value(one, timeout: 30)));
        Assert.Equal(0, SessionOf(Session(Pooler.Transaction).Value(one, timeout: 30)));
    }

    private TenantSession Session(Pooler pooler = Pooler.None) =>
        new(Contexts.Of("a", _time.GetUtcNow() + TimeSpan.FromSeconds(120)), Key, _time, pooler);

    private async Task<NpgsqlConnection> OpenAsync()
    {
        server.Require();
        var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync(Stop);
        return connection;
    }

    private static string[] Parts(ReadOnlyMemory<byte> value) => Encoding.ASCII.GetString(value.Span).Split(':');

    private static int SessionOf(ReadOnlyMemory<byte> value) => int.Parse(Parts(value)[4], CultureInfo.InvariantCulture);

    private long Lifetime(ReadOnlyMemory<byte> value) =>
        long.Parse(Parts(value)[3], CultureInfo.InvariantCulture) - _time.GetUtcNow().ToUnixTimeSeconds();
}
