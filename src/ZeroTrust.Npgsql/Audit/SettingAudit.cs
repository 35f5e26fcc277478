using System.Globalization;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>Settings of the role by which statements of one tenant, or the signed tenant, are seen by another or stay in logs.</summary>
internal static class SettingAudit
{
    private static readonly string[] Names =
    [
        "track_activities", "lo_compat_privileges", "session_replication_role", RowSecuritySql.Setting,
        "max_prepared_transactions", "log_statement", "log_min_duration_statement", "log_min_duration_sample",
        "log_statement_sample_rate", "log_transaction_sample_rate", "log_parameter_max_length", "log_parameter_max_length_on_error",
            "auto_explain.log_min_duration",
        "auto_explain.log_parameter_max_length", "auto_explain.log_verbose", "debug_print_parse", "debug_print_rewritten",
            "debug_print_plan",
    ];

    internal static async Task RunAsync(AuditSession session)
    {
        var rows = await session.ReadAsync(
            Catalog.Settings, row => (Name: row.GetString(0), Value: row.GetString(1)), (object)Names).ConfigureAwait(false);
        var settings = rows.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        if (Is(settings, "track_activities", "on"))
        {
            session.Find(
                NpgsqlRejectionReason.StatementsVisible, "track_activities", "sessions of the role read each other's statements in "
                    + "pg_stat_activity. ALTER ROLE ... SET track_activities = off (RowSecuritySql.RestrictRole).");
        }

        if (Is(settings, "lo_compat_privileges", "on"))
        {
            session.Find(NpgsqlRejectionReason.LargeObjectReachable, "lo_compat_privileges", "every role reads every large object. Set "
                + "it off.");
        }

        if (settings.GetValueOrDefault("session_replication_role", "origin") != "origin")
        {
            session.Find(NpgsqlRejectionReason.ReferenceUnconfined, "session_replication_role", "foreign keys are not checked. ALTER "
                + "ROLE ... RESET session_replication_role.");
        }

        if (settings.GetValueOrDefault("max_prepared_transactions", "0") != "0")
        {
            session.Find(
                NpgsqlRejectionReason.PrivilegeExcessive, "max_prepared_transactions", "a prepared transaction belongs to the role and to "
                    + "no session: another tenant's may be listed, committed and rolled back, and its locks outlive every reset. Set it "
                    + "to 0 and restart the server, once pg_prepared_xacts is empty.");
        }

        if (settings.GetValueOrDefault(RowSecuritySql.Setting, string.Empty).Length > 0)
        {
            session.Find(NpgsqlRejectionReason.TenantFunctionWrong, RowSecuritySql.Setting, "sessions have a tenant before one is named. "
                + "ALTER ROLE, DATABASE or SYSTEM ... RESET zerotrust.tenant.");
        }

        if (session.Options.SigningKey is not null)
        {
            CheckLogs(session, settings);
        }
    }

    // The signed tenant is a parameter of a SELECT.
    private static void CheckLogs(AuditSession session, Dictionary<string, string> settings)
    {
        var logsStatements = Is(settings, "log_statement", "all")
            || IsAtLeastZero(settings, "log_min_duration_statement")
            || (IsAtLeastZero(settings, "log_min_duration_sample") && !Is(settings, "log_statement_sample_rate", "0"))
            || !Is(settings, "log_transaction_sample_rate", "0");
        if (logsStatements && !Is(settings, "log_parameter_max_length", "0"))
        {
            Find("log_parameter_max_length", "statements are logged with their parameters, and so the signed tenant. ALTER ROLE ... SET "
                + "log_parameter_max_length = 0 (RowSecuritySql.RestrictRole).");
        }

        if (!Is(settings, "log_parameter_max_length_on_error", "0"))
        {
            Find("log_parameter_max_length_on_error", "failed statements are logged with their parameters. ALTER ROLE ... SET "
                + "log_parameter_max_length_on_error = 0 (RowSecuritySql.RestrictRole).");
        }

        if (IsAtLeastZero(settings, "auto_explain.log_min_duration")
            && (Is(settings, "auto_explain.log_verbose", "on") || settings.GetValueOrDefault("auto_explain.log_parameter_max_length",
                "0") != "0"))
        {
            Find("auto_explain.log_parameter_max_length", "auto_explain logs parameters. ALTER ROLE ... SET "
                + "auto_explain.log_parameter_max_length = 0, and log_verbose off.");
        }

        foreach (var name in Names.Where(name => name.StartsWith("debug_print_", StringComparison.Ordinal) && Is(settings, name, "on")))
        {
            Find(name, "plans are logged with the values in them. Set it off.");
        }

        void Find(string setting, string detail) => session.Find(NpgsqlRejectionReason.StatementsVisible, setting, detail);
    }

    private static bool Is(Dictionary<string, string> settings, string name, string value) => settings.TryGetValue(name, out var given)
        && given == value;

    // -1 is never; the rest comes with its unit: "0", "250ms".
    private static bool IsAtLeastZero(Dictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out var value) && !(int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number < 0);
}
