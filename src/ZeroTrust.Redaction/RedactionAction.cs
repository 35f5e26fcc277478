namespace ZeroTrust.Redaction;

/// <summary>What a <see cref="RedactionRule"/> does with the value of a matching attribute.</summary>
public enum RedactionAction
{
    /// <summary>No action was chosen. Refused by validation.</summary>
    Unspecified = 0,

    /// <summary>The value leaves the process. The value detectors still run over it, so that a kept key cannot carry a secret unseen.</summary>
    Keep = 1,

    /// <summary>The value is replaced by <c>[erased]</c>.</summary>
    Erase = 2,

    /// <summary>
    /// Every character but the last four is replaced by <c>*</c>; a value of eight characters or fewer is replaced completely. Of an e-mail address
    /// the domain stays.
    /// </summary>
    Mask = 3,

    /// <summary>
    /// The value is replaced by <c>tok:</c>, the id of the key and a keyed hash (HMAC-SHA256, 128 bits, base64url), so that equal values of one
    /// attribute can still be counted and joined. The key is <see cref="RedactionOptions.TokenKey"/>; whoever holds it can test guesses.
    /// </summary>
    Token = 4,

    /// <summary>As <see cref="Keep"/>, and no more than the first <see cref="RedactionRule.Length"/> characters leave.</summary>
    Truncate = 5,

    /// <summary>
    /// The literals of a database statement are replaced by <c>?</c>, in the language of the database that <c>db.system.name</c> or <c>db.system</c>
    /// beside it names, or else in the one it looks like; a statement in a language that neither tells is erased. Comments go with the literals unless
    /// <see cref="RedactionOptions.KeepComments"/> is set; names and parameters stay. The value detectors run over the rest.
    /// </summary>
    StripLiterals = 6,

    /// <summary>
    /// The redactor that the application's <c>IRedactorProvider</c> (Microsoft.Extensions.Compliance) has for
    /// <see cref="RedactionRule.Classification"/> does the work.
    /// </summary>
    Classified = 7,

    /// <summary>The segments of a URL or a path that are ids are replaced by <c>*</c>, so that its route is left; query and fragment go. The value detectors run over the rest.</summary>
    StripIds = 8,
}
