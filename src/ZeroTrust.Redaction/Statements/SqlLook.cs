using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Whether a statement looks like SQL: it begins with a word of SQL, and goes on as SQL does.</summary>
internal static class SqlLook
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Verbs = Set(
        "SELECT INSERT UPDATE DELETE MERGE REPLACE UPSERT WITH CREATE ALTER DROP TRUNCATE GRANT REVOKE DENY COMMENT "
        + "EXPLAIN DESCRIBE DESC SHOW SET RESET USE BEGIN START "
        + "COMMIT ROLLBACK SAVEPOINT RELEASE DECLARE FETCH OPEN CLOSE EXEC EXECUTE CALL PREPARE DEALLOCATE COPY LOAD "
        + "UNLOAD VACUUM ANALYZE ANALYSE REINDEX CLUSTER LOCK UNLOCK "
        + "DO LISTEN NOTIFY UNLISTEN PRAGMA ATTACH DETACH IF WHILE PRINT RAISERROR THROW WAITFOR DBCC BACKUP RESTORE KILL "
        + "RENAME OPTIMIZE REPAIR CHECK CHECKSUM HANDLER FLUSH "
        + "CHANGE PURGE INSTALL SEL INS UPD DEL ABORT END DISCARD REFRESH CHECKPOINT REASSIGN IMPORT EXPORT VALUES TABLE "
        + "BULK READTEXT WRITETEXT RECONFIGURE GO MODIFY LIST PUT "
        + "UNDROP MSCK CACHE UNCACHE BATCH APPLY SYSTEM EXCHANGE");

    /// <summary>What stands behind <c>SET</c> where no equals sign does.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Settings = Set(
        "TRANSACTION SESSION LOCAL GLOBAL PERSIST ROLE NAMES TIME CHARACTER CHARSET CONSTRAINTS PASSWORD SCHEMA "
        + "IDENTITY_INSERT NOCOUNT XACT_ABORT ANSI_NULLS ANSI_PADDING "
        + "ANSI_WARNINGS QUOTED_IDENTIFIER ARITHABORT ROWCOUNT LOCK_TIMEOUT DEADLOCK_PRIORITY CONCAT_NULL_YIELDS_NULL "
        + "STATISTICS SHOWPLAN_ALL DATEFORMAT DATEFIRST LANGUAGE "
        + "IMPLICIT_TRANSACTIONS FMTONLY NOEXEC TEXTSIZE DEFAULT CURRENT ISOLATION CATALOG PATH");

    /// <summary>What stands behind a brace in SQL: the escapes of JDBC and ODBC.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Escapes = Set("d t ts fn call oj escape limit ro");

    private static readonly SearchValues<char> ValueEnd = SearchValues.Create(" \t\r\n,;");

    /// <summary>What can follow the first word.</summary>
    private static readonly SearchValues<char> VerbEnd = SearchValues.Create(" \t\r\n(;*/-\"[`'@.");

    public static bool Applies(ReadOnlySpan<char> text)
    {
        text = SkipMarks(text);
        if (text is ['{', ..])
        {
            return IsEscape(text);
        }

        var verb = text[..LiteralEnds.OfName(text, 0)];
        return Verbs.Contains(verb) && (verb.Length == text.Length || VerbEnd.Contains(text[verb.Length]))
            && (!verb.Equals("SET", StringComparison.OrdinalIgnoreCase) || IsSetting(text[verb.Length..].TrimStart()))
            && HasOnlyBracesOfSql(text);
    }

    /// <summary>A statement can begin with comments, with the <c>?</c> that is left of one, and with brackets.</summary>
    private static ReadOnlySpan<char> SkipMarks(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart(" \t\r\n(;?\ufeff");
            var end = text.StartsWith("/*", StringComparison.Ordinal) ? LiteralEnds.OfComment(text, 0, CommentNesting.Nested)
                : text.StartsWith("--", StringComparison.Ordinal) || text is ['#', ..] ? LiteralEnds.OfLine(text, 0)
                : 0;
            if (end == 0)
            {
                return text;
            }

            text = text[end..];
        }
    }

    /// <summary><c>SET x = 1</c>, <c>SET x TO 1</c>, <c>SET ROLE x</c>; Redis has a <c>SET</c> as well.</summary>
    private static bool IsSetting(ReadOnlySpan<char> text)
    {
        var name = text.IndexOfAny(" \t\r\n=") is >= 0 and var end ? text[..end] : text;
        var rest = text[name.Length..].TrimStart();
        return Settings.Contains(name.TrimEnd(';')) || name is ['@', ..] || (rest is ['=', ..] && IsOneValue(rest[1..].TrimStart()))
            || (rest is [':', '=', ..] && !name.Contains(':')) || rest.StartsWith("TO ", StringComparison.OrdinalIgnoreCase)
            || rest is "ON" or "OFF" || rest.StartsWith("ON;", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("OFF;", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether the value is one in quotes or of one word, or more follows behind a comma or a semicolon, as it does not in a command of
    /// Redis.
    /// </summary>
    private static bool IsOneValue(ReadOnlySpan<char> value)
    {
        if (value is ['\'' or '"' or '?' or '@' or '(', ..])
        {
            return true;
        }

        var end = value.IndexOfAny(ValueEnd);
        return end < 0 || value[end..].TrimStart() is "" or [',' or ';', ..];
    }

    /// <summary>
    /// SPARQL, EdgeQL, SurrealQL and MDX begin as SQL does and have their patterns in braces, which SQL has for few things.
    /// </summary>
    private static bool HasOnlyBracesOfSql(ReadOnlySpan<char> text)
    {
        var braces = text.IndexOf('{');
        var quote = text.IndexOfAny('\'', '"', '$');
        return braces < 0 || (quote >= 0 && quote < braces) || IsEscape(text[braces..]) || (braces > 0 && text[braces - 1] is '@' or '\'');
    }

    private static bool IsEscape(ReadOnlySpan<char> text)
    {
        var inner = text[1..].TrimStart(" ?=");
        var word = inner[..LiteralEnds.OfName(inner, 0)];
        return Escapes.Contains(word) || (word.Length > 0 && inner[word.Length..] is [':', var type, ..] && char.IsAsciiLetterUpper(type));
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
