using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Names;

/// <summary>The words with which messages speak about a secret in the place where it would stand: <c>password: not set</c>.</summary>
internal static class MessageWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "not", "set", "unset", "is", "are", "was", "were", "be", "been", "has", "have", "had", "must", "should", "may", "might", "can",
        "cannot", "could", "will", "would", "does", "do",
        "required", "requires", "require", "missing", "invalid", "valid", "incorrect", "wrong", "expired", "expires", "expiring",
        "rejected", "refused", "denied", "accepted", "changed",
        "updated", "reset", "rotated", "rotating", "revoked", "created", "deleted", "removed", "loaded", "loading", "found", "unknown",
        "empty", "blank", "null", "none", "nil", "undefined",
        "default", "optional", "given", "provided", "supplied", "specified", "configured", "failed", "failure", "error", "ok", "okay",
        "success", "succeeded", "successful",
        "successfully", "enabled", "disabled", "on", "off", "yes", "no", "true", "false", "for", "from", "to", "of", "in", "at", "by",
        "with", "without", "or", "the",
        "this", "that", "these", "those", "it", "its", "as", "than", "then", "when", "if", "only", "all", "any", "each", "every", "some",
        "using", "used", "use", "uses", "via", "per",
        "too", "also", "already", "never", "still", "yet", "now", "retry", "retrying", "again", "please", "enter", "contact", "see",
        "check", "mismatch", "mismatched", "matches", "match",
        "verification", "validation", "verified", "validated", "authentication", "authorization", "hidden", "masked", "redacted",
        "omitted", "filtered", "protected", "encrypted",
        "hashed", "stored", "read", "written", "sent", "received", "issued", "obtained", "acquired", "refreshed", "refresh",
        "refreshing", "cached", "skipped", "ignored", "unavailable",
        "unsupported", "supported", "allowed", "forbidden", "unauthorized", "unchanged", "absent", "present", "n/a", "field", "fields",
        "string", "number", "integer", "boolean",
        "object", "text", "value", "values", "type", "your", "you", "we", "our", "my", "their", "his", "her", "user", "users", "does",
        "did", "because", "must", "cannot", "couldn", "didn", "isn",
        "wasn", "won", "don", "doesn", "could", "unable", "try", "trying", "attempt", "attempts", "attempting", "waiting", "wait",
        "pending", "passed", "pass", "fail", "fails", "failing",
        "bearer", "basic", "negotiate", "digest", "ntlm", "cookie", "cookies", "token", "tokens", "password", "passwords", "secret",
        "secrets", "key", "keys", "credential", "credentials",
        "certificate", "header", "headers", "request", "response", "session", "sessions", "policy", "policies", "length", "minimum",
        "maximum", "least", "most", "characters", "chars",
        "between", "after", "before", "during", "until", "since", "once", "twice", "there", "here", "same", "different", "another",
        "other", "new", "current", "previous", "old", "last",
        "first", "next", "more", "less", "both", "either", "neither", "nor", "but", "however", "ttl", "expiry", "expiration", "lifetime",
        "rotation", "version", "scheme", "store", "vault",
        "provider", "manager", "service", "file", "path", "mounted", "mount", "volume", "namespace", "type", "kind", "name", "named",
        "called", "id", "plain", "plaintext", "clear", "sensitive",
        "secure", "insecure", "weak", "strong", "short", "long", "reused", "leaked", "compromised", "breached", "exposed", "scan",
        "scanning", "scanned", "detected", "generated", "generating",
        "renewed", "renewing", "renewal", "imported", "exported", "synced", "synchronized", "updating", "deleting", "creating",
        "fetching", "fetched", "resolved", "resolving", "bound", "binding")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the text begins as a message does.</summary>
    public static bool Begin(ReadOnlySpan<char> text)
    {
        text = text.TrimStart("'\"`(*- ");
        var end = text.IndexOfAnyExcept(Detectors.Characters.Letters);
        var word = end < 0 ? text : text[..end];
        return word.Length > 0 && (end < 0 || text[end] is ' ' or '.' or ',' or ';' or ':' or ')' or ']' or '}' or '>' or '\'' or '"' or '!' or '?' or '\u2019' or '\t' or '\r' or '\n') && Words.Contains(word);
    }
}
