using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class StatementTextTests
{
    [Theory]
    [InlineData("SELECT * FROM t WHERE a = 'x''y' AND b = -1.5e-3 -- z", "SELECT * FROM t WHERE a = ? AND b = ? ?")]
    [InlineData("SELECT * FROM t WHERE a = N'x' AND b = X'4D' AND c = 0x1F", "SELECT * FROM t WHERE a = N? AND b = X? AND c = ?")]
    [InlineData("SELECT * FROM t WHERE a = q'[it's]' AND b = TRUE", "SELECT * FROM t WHERE a = ? AND b = ?")]
    [InlineData("SELECT $$it's$$, $a$x$$y$a$", "SELECT ?, ?")]
    [InlineData("SELECT * FROM t WHERE a = \"secret\" OR b LIKE \"x%\"", "SELECT * FROM t WHERE a = ? OR b LIKE ?")]
    [InlineData("INSERT INTO \"t\" (\"a\", \"b\") VALUES (\"x\", \"y\")", "INSERT INTO \"t\" (\"a\", \"b\") VALUES (?, ?)")]
    [InlineData("SELECT * FROM t WHERE a = 'it\\'s' AND b = 'x'", "SELECT * FROM t WHERE a = ?")]
    [InlineData("SELECT * FROM t WHERE a = 'open", "SELECT * FROM t WHERE a = ?")]
    [InlineData("SELECT 1 /* a /* b */ c */ FROM t", "SELECT ? ?")]
    [InlineData("SELECT 1 # note", "SELECT ? ?")]
    [InlineData("SELECT * FROM t #note with words", "SELECT * FROM t ?")]
    public void Literals_and_comments_of_sql_go(string sql, string expected) => Assert.Equal(expected, StatementText.Strip(sql));

    [Theory]
    [InlineData("SELECT t1.a, [b], `c`, \"d\" FROM t1 WHERE a = @p0 AND b = $1 AND c = :id AND d = ? AND e::date = now()")]
    [InlineData("SELECT * FROM #temp JOIN ##shared ON #temp.a = ##shared.a")]
    [InlineData("SELECT o.\"Id\" FROM o WHERE \"o\".\"A\" = \"p\".\"B\"")]
    public void Names_and_parameters_of_sql_stay(string sql) => Assert.Same(sql, StatementText.Strip(sql));

    [Theory]
    [InlineData("{\"query\": {\"match\": {\"title\": \"a \\\" b\", \"n\": [1, true]}}}", "{\"query\": {\"match\": {\"title\": \"?\", \"n\": [?, ?]}}}")]
    [InlineData("{a: 'x', \"b\": \"open", "{?: ?, \"b\": ?")]
    public void Values_of_json_go(string query, string expected) => Assert.Equal(expected, StatementText.Strip(query));

    [Theory]
    [InlineData("SET user:1 alice", "SET user:1 ?")]
    [InlineData("AUTH default hunter2", "AUTH ?")]
    [InlineData("GET user", "GET user")]
    [InlineData("set k 0 60 5\r\nalice", "set k 0 60 5")]
    public void Values_of_commands_go(string command, string expected) => Assert.Equal(expected, StatementText.Strip(command));

    [Theory]
    [InlineData("https://a.test/users/42/orders/0736f5ef-7e88?x=1", "https://a.test/users/*/orders/*")]
    [InlineData("/api/v2/users/me", "/api/v2/users/me")]
    [InlineData("https://a1.test", "https://a1.test")]
    public void Ids_of_a_path_go(string url, string expected) => Assert.Equal(expected, UrlIds.Strip(url));
}
