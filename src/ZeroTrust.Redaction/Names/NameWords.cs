using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Names;

/// <summary>The words of names that tell of secrets, and those that take it back.</summary>
internal static class NameWords
{
    /// <summary>
    /// What tells: the words as one, what the value is, and whether they tell only where a word begins (<c>pass</c>, but not
    /// <c>bypass</c>).
    /// </summary>
    public static readonly (string Words, SecretKind Kind, bool IsWhole)[] Telling =
    [
        ("password", SecretKind.Password, false), ("passwords", SecretKind.Password, false), ("passwd", SecretKind.Password, false),
        ("pwd", SecretKind.Password, false),
        ("pass", SecretKind.Pass, true), ("pw", SecretKind.Password, true), ("psw", SecretKind.Password, true),
        ("psk", SecretKind.Password, true),
        ("passphrase", SecretKind.Password, false), ("passcode", SecretKind.Password, false), ("passwort", SecretKind.Password, false),
        ("kennwort", SecretKind.Password, false), ("motdepasse", SecretKind.Password, false), ("senha", SecretKind.Password, true),
        ("contrasena", SecretKind.Password, false), ("haslo", SecretKind.Password, true), ("wachtwoord", SecretKind.Password, false),
        ("storepass", SecretKind.Password, false), ("keypass", SecretKind.Password, false), ("userpass", SecretKind.Password, false),
        ("dbpass", SecretKind.Password, false), ("authpass", SecretKind.Password, false), ("requirepass", SecretKind.Password, false),
        ("masterauth", SecretKind.Password, false), ("mnemonic", SecretKind.Password, true), ("seedphrase", SecretKind.Password, false),
        ("recoveryphrase", SecretKind.Password, false),
        ("secret", SecretKind.Thing, false), ("secrets", SecretKind.Thing, false), ("credential", SecretKind.Thing, false),
        ("credentials", SecretKind.Thing, false),
        ("creds", SecretKind.Thing, true), ("privatekey", SecretKind.Thing, false), ("privkey", SecretKind.Thing, false),
        ("clientsecret", SecretKind.Password, false), ("secretkey", SecretKind.Password, false),
        ("secretaccesskey", SecretKind.Password, false),
        ("sharedsecret", SecretKind.Password, false), ("sharedaccesskey", SecretKind.Password, false),
        ("accountkey", SecretKind.Password, false),
        ("sharedaccesssignature", SecretKind.Password, false), ("secretaccess", SecretKind.Password, false),
        ("secretstring", SecretKind.Password, false),
        ("token", SecretKind.Random, false), ("tokens", SecretKind.Random, false), ("apikey", SecretKind.Random, false),
        ("apikeys", SecretKind.Random, false),
        ("accesskey", SecretKind.Random, false), ("authkey", SecretKind.Random, false), ("signingkey", SecretKind.Random, false),
        ("signkey", SecretKind.Random, true),
        ("encryptionkey", SecretKind.Random, false), ("cryptokey", SecretKind.Random, false), ("masterkey", SecretKind.Random, false),
        ("sessionkey", SecretKind.Random, false), ("storagekey", SecretKind.Random, false), ("servicekey", SecretKind.Random, false),
        ("licensekey", SecretKind.Random, false), ("subscriptionkey", SecretKind.Random, false), ("functionkey", SecretKind.Random, false),
        ("functionskey", SecretKind.Random, false), ("instrumentationkey", SecretKind.Random, false),
        ("consumerkey", SecretKind.Random, false),
        ("appkey", SecretKind.Random, false), ("applicationkey", SecretKind.Random, false), ("clientkey", SecretKind.Random, false),
        ("clientkeydata", SecretKind.Random, false), ("adminkey", SecretKind.Random, false), ("deploykey", SecretKind.Random, false),
        ("rolekey", SecretKind.Random, false), ("webhookkey", SecretKind.Random, false), ("hmackey", SecretKind.Random, false),
        ("hmac", SecretKind.Random, true),
        ("userkey", SecretKind.Random, false), ("integrationkey", SecretKind.Random, false), ("ingestkey", SecretKind.Random, false),
        ("writekey", SecretKind.Random, false),
        ("readkey", SecretKind.Random, false), ("hostkey", SecretKind.Random, false), ("systemkey", SecretKind.Random, false),
        ("primarykeyvalue", SecretKind.Random, false),
        ("authtoken", SecretKind.Random, false), ("bearer", SecretKind.Random, true), ("jwt", SecretKind.Random, true),
        ("auth", SecretKind.Random, true),
        ("jwtkey", SecretKind.Random, false), ("tokenkey", SecretKind.Random, false), ("sig", SecretKind.Random, true),
        ("signature", SecretKind.Random, false), ("sas", SecretKind.Random, true), ("sastoken", SecretKind.Random, false),
        ("sessionid", SecretKind.Random, false), ("sessid", SecretKind.Random, false), ("sid", SecretKind.Random, true),
        ("sessionticket", SecretKind.Random, false),
        ("ticket", SecretKind.Random, true), ("codeverifier", SecretKind.Random, false), ("session", SecretKind.Random, true),
        ("loggedin", SecretKind.Random, false), ("macaroon", SecretKind.Random, true), ("fernetkey", SecretKind.Random, false),
        ("devicecode", SecretKind.Random, false), ("usercode", SecretKind.Random, false), ("rsakeyvalue", SecretKind.Random, false),
        ("oauthproxy", SecretKind.Random, false), ("assertion", SecretKind.Random, true), ("samlresponse", SecretKind.Random, false),
        ("samlassertion", SecretKind.Random, false), ("dockerconfigjson", SecretKind.Random, false),
        ("secretkeybase", SecretKind.Random, false),
        ("authcode", SecretKind.Random, false), ("authorizationcode", SecretKind.Random, false),
        ("credentialdata", SecretKind.Random, false),
        ("pin", SecretKind.Code, true), ("pincode", SecretKind.Code, false), ("cvv", SecretKind.Code, true),
        ("cvc", SecretKind.Code, true), ("cvn", SecretKind.Code, true),
        ("csc", SecretKind.Code, true), ("ssn", SecretKind.Code, true), ("otp", SecretKind.Code, true), ("totp", SecretKind.Code, true),
        ("securitycode", SecretKind.Code, false), ("verificationcode", SecretKind.Code, false), ("onetimecode", SecretKind.Code, false),
        ("mfacode", SecretKind.Code, false),
        ("recoverycode", SecretKind.Code, false), ("recoverycodes", SecretKind.Code, false), ("backupcode", SecretKind.Code, false),
        ("backupcodes", SecretKind.Code, false),
        ("passcodes", SecretKind.Code, false), ("smscode", SecretKind.Code, false), ("socialsecuritynumber", SecretKind.Code, false),
        ("passportnumber", SecretKind.Code, false), ("passportno", SecretKind.Code, false),
        ("driverlicense", SecretKind.Code, false), ("driverslicense", SecretKind.Code, false),
        ("drivinglicence", SecretKind.Code, false), ("nationalid", SecretKind.Code, false),
        ("authorization", SecretKind.Line, false), ("cookie", SecretKind.Line, false), ("cookies", SecretKind.Line, false),
        ("setcookie", SecretKind.Line, false),
        ("txntoken", SecretKind.Line, false), ("txnchain", SecretKind.Line, false), ("txncerts", SecretKind.Line, false),
    ];

    /// <summary>
    /// Tokens that open nothing: places in a list, what a form repeats beside the session that it belongs to, and what a class is
    /// called.
    /// </summary>
    public static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "pagetoken", "nexttoken", "nextpagetoken", "continuationtoken", "cancellationtoken", "synctoken", "csrftoken", "xsrftoken",
        "authenticitytoken",
        "antiforgerytoken", "jsonwebtoken", "publickeytoken", "requestverificationtoken", "resumetoken", "metadatatoken", "syntaxtoken",
        "concurrencytoken");

    /// <summary>
    /// Behind a telling word these name something about the secret: <c>password_policy</c>, <c>tokenType</c>, <c>secret.name</c>.
    /// </summary>
    public static readonly FrozenSet<string> About = FrozenSet.Create(
        StringComparer.Ordinal,
        "policy", "policies", "length", "expiry", "expires", "expire", "expiration", "expired", "exp", "lifetime", "ttl", "age", "name",
        "names", "type", "types", "kind",
        "format", "url", "uri", "urls", "endpoint", "path", "paths", "file", "filename", "files", "dir", "directory", "folder",
        "location", "store", "vault", "provider",
        "manager", "service", "server", "issuer", "audience", "scope", "scopes", "version", "count", "counts", "size", "limit", "limits",
        "usage", "used", "budget",
        "status", "state", "enabled", "disabled", "required", "optional", "valid", "validity", "invalid", "changed", "change", "changes",
        "updated", "created", "at", "date", "time",
        "timestamp", "on", "reset", "resets", "hint", "label", "placeholder", "title", "description", "prompt", "field", "fields",
        "column", "property", "attribute",
        "error", "errors", "message", "strength", "score", "rule", "rules", "validator", "validation", "handler", "generator", "encoder",
        "hasher", "algorithm", "alg", "method", "mode",
        "scheme", "ref", "reference", "refs", "arn", "rotation", "rotated", "interval", "attempts", "retries", "failures", "failed",
        "success", "source", "index", "pattern", "regex", "mask",
        "cache", "class", "controller", "page", "screen", "form", "input", "template", "email", "link", "middleware", "filter",
        "options", "config", "settings",
        "requirements", "requirement", "issue", "issued", "refresh", "refreshed", "kid", "id", "ids", "prefix", "suffix", "set",
        "present", "exists", "needed", "missing", "holder", "owner",
        "duration", "seconds", "minutes", "days", "hours", "ms", "remaining", "total", "per", "rate", "quota", "namespace", "mount",
        "mounts", "key", "keys", "label", "labels", "annotations",
        "hashing", "hashed", "complexity", "reuse", "history", "recovery", "protection", "based", "less", "login", "dialog", "box",
        "characters", "leak", "renewal", "sync", "modulus", "exponent",
        "creation", "management", "grant", "flow", "authentication", "authenticator", "same", "site", "samesite", "domain", "domains",
        "plan", "tier", "sdk", "lib", "library", "exchange", "endpoints", "binding");

    /// <summary>In front of a telling word these ask or count: <c>hasPassword</c>, <c>max_tokens</c>, <c>forgot-password</c>.</summary>
    public static readonly FrozenSet<string> Asking = FrozenSet.Create(
        StringComparer.Ordinal,
        "has", "is", "use", "uses", "need", "needs", "require", "requires", "no", "without", "forgot", "forgotten", "changed", "missing",
        "invalid", "wrong", "max",
        "min", "num", "number", "count", "total", "expired",
        "used", "remaining", "public", "unknown", "duplicate");

    /// <summary>Below a telling name these are the value itself: <c>"password": {"value": …}</c>.</summary>
    public static readonly FrozenSet<string> Value = FrozenSet.Create(
        StringComparer.Ordinal,
        "value", "values", "val", "v", "data", "raw", "plain", "plaintext", "cleartext", "text", "current", "old", "new", "previous",
        "content", "string", "stringvalue", "secretstring",
        "confirm", "confirmation", "hash", "default", "primary", "secondary", "master", "root", "admin", "user");
}
