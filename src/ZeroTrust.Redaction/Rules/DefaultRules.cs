namespace ZeroTrust.Redaction.Rules;

/// <summary>The built-in rules. Names are those of the OpenTelemetry semantic conventions and of the usual structured logs.</summary>
internal static class DefaultRules
{
    /// <summary>What stands before the name of a header; nothing, where a log names it alone.</summary>
    public static readonly string[] HeaderPrefixes =
    [
        "http.request.header.", "http.response.header.",
        "rpc.request.metadata.", "rpc.response.metadata.",
        "rpc.grpc.request.metadata.", "rpc.grpc.response.metadata.",
        "rpc.connect_rpc.request.metadata.", "rpc.connect_rpc.response.metadata.",
        "",
    ];

    private static readonly string[] SecretHeaders =
    [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token", "x-csrf-token", "dpop",
        "txn-token", "txn-chain", "txn-certs",
    ];

    private static readonly string[] Secrets =
    [
        "password", "passwd", "pwd", "passphrase", "secret", "client_secret", "clientsecret", "client-secret", "apikey", "api_key",
        "token", "access_token", "accesstoken", "refresh_token", "refreshtoken", "id_token", "idtoken", "private_key", "privatekey",
        "credential", "credentials", "connectionstring", "connection_string", "ssn", "cvv", "pin",
        "card_number", "cardnumber", "credit_card", "creditcard", "iban",
        "url.query", "querystring", "query_string", "db.connection_string", "session.id", "session.previous_id", "session_id", "sessionid",
        "user.id", "user.name", "user.full_name", "user.email", "user.hash", "email", "username",
        "http.request.body", "http.response.body", "messaging.message.body", "graphql.document", "process.command_line", "process.command_args",
        "gen_ai.prompt", "gen_ai.completion", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
        "gen_ai.tool.call.arguments", "gen_ai.tool.call.result",
        "enduser.*", "db.query.parameter.*", "db.operation.parameter.*",
    ];

    /// <summary>
    /// Statements, whose literals are data; <c>db.statement</c> and <c>db.query.text</c> are one attribute before and after it was renamed.
    /// </summary>
    private static readonly string[] Statements = ["db.query.text", "db.statement", "db.cassandra.statement", "sql.query"];

    /// <summary>
    /// Kept in <see cref="RedactionMode.KeepOnly"/> as well: enough to read a trace, and everything these packages audit with.
    /// </summary>
    private static readonly string[] Kept =
    [
        "zerotrust.*", "error.type", "exception.type", "exception.message", "exception.stacktrace", "exception.escaped", "{OriginalFormat}",
        "http.request.method", "http.request.resend_count", "http.response.status_code", "http.route", "server.address", "server.port",
        "url.scheme", "network.protocol.name", "network.protocol.version", "network.transport", "network.type", "tls.protocol.version",
        "rpc.system", "rpc.system.name", "rpc.service", "rpc.method", "rpc.grpc.status_code", "rpc.response.status_code",
        "db.system", "db.system.name", "db.namespace", "db.collection.name", "db.operation.name", "db.query.summary", "db.response.status_code",
        "messaging.system", "messaging.operation.name", "messaging.operation.type", "otel.*", "code.*", "thread.id", "thread.name",
        "service.*", "telemetry.*", "aspnetcore.*",
    ];

    /// <summary>All rules; a key ending in <c>*</c> is a prefix.</summary>
    public static IEnumerable<(string Key, KeyDecision Decision)> All =>
        HeaderPrefixes.SelectMany(static _ => SecretHeaders, static (prefix, header) => prefix + header)
            .SelectMany(static key => new[] { key, key.Replace('-', '_') })
            .Concat(Secrets)
            .Select(static key => (key, KeyDecision.Erase))
            .Concat(Statements.Select(static key => (key, new KeyDecision(RedactionAction.StripLiterals))))
            .Concat(Kept.Select(static key => (key, KeyDecision.Keep)));
}
