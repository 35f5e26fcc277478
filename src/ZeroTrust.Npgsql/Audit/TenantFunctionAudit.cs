namespace ZeroTrust.Npgsql.Audit;

/// <summary>Whether <c>zerotrust.tenant()</c> answers the tenant that was named, no other, and cannot be replaced.</summary>
internal static class TenantFunctionAudit
{
    private const string ProbeTenant = "zerotrust-probe";

    internal static async Task RunAsync(AuditSession session)
    {
        var functions = await session.ReadAsync(
            Catalog.TenantFunction,
            row => (Definer: row.GetBoolean(0), Pinned: row.GetBoolean(1), Replaceable: row.GetBoolean(2), KeysOpen: row.GetBoolean(3),
                Folded: row.GetBoolean(4), Unsigned: row.GetBoolean(5)),
            session.Roles).ConfigureAwait(false);
        if (functions is not [var function])
        {
            Wrong(session, "is missing: run RowSecuritySql.CreateSchema");
            return;
        }

        var canAnswer = await TenantTextAudit.RunAsync(session).ConfigureAwait(false);
        if (function.Replaceable)
        {
            Wrong(session, "can be replaced by the role, which owns it or may create in its schema");
        }

        if (function.Folded)
        {
            Wrong(session, "is IMMUTABLE, so that a plan keeps the tenant it was made for");
        }

        var key = session.Options.SigningKey;
        if (key is not null && function.Unsigned)
        {
            Wrong(session, "is unsigned: it believes whoever names a tenant, as after RowSecuritySql.CreateSchema() without keys. Run "
                + "CreateSchema([key]) again");
            return;
        }

        if (function.KeysOpen || (key is not null && !(function.Definer && function.Pinned)))
        {
            Wrong(session, "does not keep the keys to itself: SECURITY DEFINER, a pinned search_path, and no rights of the role to "
                + "tables of its schema");
            return;
        }

        if (canAnswer)
        {
            await ProbeAsync(session, key).ConfigureAwait(false);
        }
    }

    private static async Task ProbeAsync(AuditSession session, TenantSigningKey? key)
    {
        var soon = TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        _ = TenantId.TryParse(ProbeTenant, out var tenant);
        var isDirect = session.Options.Pooler == Pooler.None;
        var process = isDirect ? session.Connection.ProcessID : TenantSigningKey.AnySession;
        var honest = key?.Sign(tenant, soon, process) ?? ProbeTenant;
        if (await AnswerAsync(session, honest).ConfigureAwait(false) != ProbeTenant)
        {
            Wrong(session, key is not null ? $"does not believe key {key.Id}, or was not told of the "
                + "pooler" : "does not answer the tenant that is set: it asks for signed ones");
        }

        if (await AnswerAsync(session, string.Empty).ConfigureAwait(false) is not null
            || (key is not null && (await AnswerAsync(session, ProbeTenant).ConfigureAwait(false) is not null
                || await AnswerAsync(session, honest[..^1] + (honest[^1] == '0' ? '1' : '0')).ConfigureAwait(false) is not null)))
        {
            Wrong(session, "answers a tenant that nobody proved");
        }

        if (isDirect && key is not null
            && (await AnswerAsync(session, key.Sign(tenant, soon, TenantSigningKey.AnySession)).ConfigureAwait(false)
                ?? await AnswerAsync(session, key.Sign(tenant, soon, process + 1)).ConfigureAwait(false)) is not null)
        {
            Wrong(session, "believes a tenant that was signed for another session: run RowSecuritySql.CreateSchema without a pooler");
        }
    }

    private static async Task<string?> AnswerAsync(AuditSession session, string value) =>
        (await session.ReadAsync(Catalog.Probe, row => AuditSession.Text(row, 1), value).ConfigureAwait(false))[0];

    private static void Wrong(AuditSession session, string what) => session.Find(NpgsqlRejectionReason.TenantFunctionWrong,
        "zerotrust.tenant()", $"it {what}.");
}
