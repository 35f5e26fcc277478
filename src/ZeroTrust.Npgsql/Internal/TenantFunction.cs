namespace ZeroTrust.Npgsql.Internal;

/// <summary><c>zerotrust.tenant()</c> as <see cref="RowSecuritySql"/> writes it and as the audit expects it.</summary>
/// <param name="Language">Its language.</param>
/// <param name="IsDefiner">Whether it runs with the rights of its owner.</param>
/// <param name="Parallel">SAFE or RESTRICTED.</param>
/// <param name="Settings">Its own settings.</param>
/// <param name="Text">Its body.</param>
internal sealed record TenantFunction(string Language, bool IsDefiner, string Parallel, string[] Settings, string Text)
{
    // In PostgreSQL's languages; a no-break space is a letter there.
    private static readonly char[] Spaces = [' ', '\t', '\n', '\r', '\f'];

    internal static TenantFunction Unsigned { get; } = new(
        "sql", IsDefiner: false, "SAFE", [], " SELECT nullif(current_setting('zerotrust.tenant', true), '') ");

    internal string Sql =>
        $"CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE {Language} STABLE PARALLEL {Parallel}"
        + (IsDefiner ? " SECURITY DEFINER\n" : "\n")
        + string.Concat(Settings.Select(setting => $"SET {setting.Replace("=", " = ", StringComparison.Ordinal)}\n"))
        + $"AS $${Text}$$;";

    // HMAC (RFC 2104) by the built-in sha256: no extension is needed. Whatever is wrong answers NULL, which equals no tenant; one that
    // ended fails, as a statement that begins late in a long text would seem to find no rows.
    // PL/pgSQL, as what a session has planned is forgotten whenever its connection goes back to the pool (DISCARD ALL), and expressions
    // without a table are cheap to plan again. Restricted to the leader of a parallel query: its workers are other processes.
    internal static TenantFunction Signed(Pooler pooler)
    {
        var anySession = pooler == Pooler.None ? string.Empty : $", '{TenantSigningKey.AnySession}'";
        return new TenantFunction(
            "plpgsql",
            IsDefiner: true,
            "RESTRICTED",
            ["search_path=pg_catalog, pg_temp"],
            $$"""

            DECLARE
              part text[] := string_to_array(current_setting('zerotrust.tenant', true), ':');
              signing zerotrust.tenant_keys;
            BEGIN
              SELECT * INTO signing FROM zerotrust.tenant_keys WHERE id = part[2];
              IF cardinality(part) = 6 AND part[1] = 'v2' AND part[5] IN (pg_backend_pid()::text{{anySession}})
                AND encode(sha256(signing.outer_block ||
                  sha256(signing.inner_block || convert_to(array_to_string(part[1:5], ':'), 'UTF8'))), 'hex') = part[6]
              THEN
                IF part[4]::bigint > extract(epoch FROM clock_timestamp()) THEN
                  RETURN part[3];
                END IF;
                RAISE insufficient_privilege USING MESSAGE = 'the tenant of this statement ended at ' || part[4];
              END IF;
              RETURN NULL;
            END

            """);
    }

    /// <summary>Whether another text differs by its line breaks and spaces at most.</summary>
    internal bool IsWritten(string text) => Words(text) == Words(Text);

    private static string Words(string text) => string.Join(' ', text.Split(Spaces, StringSplitOptions.RemoveEmptyEntries));
}
