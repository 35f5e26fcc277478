using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Replaces what a Redis or Valkey command writes by <c>?</c>; the command and its key stay. The result is never longer than the command.</summary>
internal static class RedisArguments
{
    /// <summary>Commands whose first argument is a key and whose others are values.</summary>
    private static readonly FrozenSet<string> Writing = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "SET", "SETNX", "SETEX", "PSETEX", "GETSET", "APPEND", "SETRANGE", "LPUSH", "LPUSHX", "RPUSH", "RPUSHX", "LSET", "LINSERT", "LREM", "SADD", "SREM", "SISMEMBER",
        "SMISMEMBER", "ZADD", "ZREM", "ZSCORE", "ZRANK", "HSET", "HSETNX", "HMSET", "XADD", "PFADD", "GEOADD", "PUBLISH", "SPUBLISH");

    /// <summary>Commands whose every argument may be secret.</summary>
    private static readonly FrozenSet<string> Secret = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "AUTH", "HELLO", "ACL", "CONFIG", "MIGRATE", "EVAL", "EVALSHA", "MSET", "MSETNX");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WritingVerbs = Writing.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SecretVerbs = Secret.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the text is such a command: SQL has a <c>SET</c> as well, with an equals sign.</summary>
    public static bool Applies(ReadOnlySpan<char> text)
    {
        var verb = Verb(text);
        return (WritingVerbs.Contains(verb) || SecretVerbs.Contains(verb)) && !text.Contains('=') && !text.Contains('\n');
    }

    public static string Strip(string command)
    {
        var verb = Verb(command).Length;
        var key = SecretVerbs.Contains(command.AsSpan(0, verb)) ? verb : WordEnd(command, verb);
        var rest = command.AsSpan(key).Trim();
        return rest.IsEmpty || rest is "?" ? command : string.Concat(command.AsSpan(0, key), " ?");
    }

    private static ReadOnlySpan<char> Verb(ReadOnlySpan<char> text) => text.IndexOf(' ') is >= 0 and var end ? text[..end] : text;

    private static int WordEnd(string text, int from)
    {
        var start = from;
        while (start < text.Length && text[start] == ' ')
        {
            start++;
        }

        var end = text.IndexOf(' ', start);
        return end < 0 ? text.Length : end;
    }
}
