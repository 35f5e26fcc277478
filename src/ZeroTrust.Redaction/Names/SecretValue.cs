using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Names;

/// <summary>How sure the syntax is that what stands behind a name is its value.</summary>
internal enum Evidence
{
    /// <summary>A colon in a sentence: <c>secret: orders-tls, renewed</c>.</summary>
    Prose,

    /// <summary>A sign of equality, or a line of its own.</summary>
    Pair,

    /// <summary>A member of an object, an element, an argument.</summary>
    Member,

    /// <summary>A list whose values are never sentences, as a connection string.</summary>
    List,
}

/// <summary>Whether what stands behind a telling name is a secret, stands for one, or speaks of one.</summary>
internal static class SecretValue
{
    private const int ShortestRandom = 8;
    private const int ShortestWithoutDigits = 16;
    private const int LongestPlaceholder = 64;
    private const int LongestCode = 12;
    private const int LongestWord = 24;
    private const int LongestExample = 48;
    private const double LeastEntropy = 2.5;
    private const double LeastEntropyWithoutDigits = 3.5;

    private static readonly string[] Constants = ["null", "none", "nil", "true", "false", "undefined", "(null)", "n/a", "yes", "no", "{}", "[]", "redacted", "removed", "hidden", "masked", "REDACTED:REDACTED"];

    private static readonly string[] CookieAttributes = ["SameSite=", "Path=", "Domain=", "Max-Age=", "Expires=", "Secure", "HttpOnly"];

    /// <summary>What a secret is fetched from, and none itself.</summary>
    private static readonly string[] References = ["arn:", "@Microsoft.KeyVault(", "op://", "vault:", "ssm:", "file:", "env:", "secretref:", "keyvault:", "ref+", "spiffe://"];

    /// <summary>Whether the value has to go.</summary>
    /// <param name="kind">What the name tells.</param>
    /// <param name="evidence">How sure it is that this is the value.</param>
    /// <param name="value">The value, or its first 256 characters.</param>
    public static bool IsSecret(SecretKind kind, Evidence evidence, ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (kind == SecretKind.None || value.IsEmpty || IsPlaceholder(value))
        {
            return false;
        }

        return evidence != Evidence.List && (MessageWords.Begin(value) && (value.Contains(' ') || kind != SecretKind.Random)) ? IsHeader(kind, value)
            : kind switch
            {
                SecretKind.Password => !IsPlace(value) && (evidence == Evidence.Prose ? LooksChosen(value) : evidence >= Evidence.Member || !IsCount(value)),
                SecretKind.Pass => !IsPlace(value) && (evidence == Evidence.Prose ? LooksMixed(value) : evidence >= Evidence.Member || !IsCount(value)),
                SecretKind.Thing => !IsPlace(value) && (evidence == Evidence.List || (evidence >= Evidence.Pair ? !IsName(value) : LooksDrawn(value) || LooksMixed(value))),
                SecretKind.Code => IsCode(value, evidence),
                SecretKind.Line => !IsAttribute(value) && (value.Contains(' ') || value.Contains('=') || !IsName(value)),
                _ => LooksDrawn(value),
            };
    }

    public static bool LooksDrawn(ReadOnlySpan<char> value)
    {
        if (value.Length < ShortestRandom || Longest(value) < ShortestRandom || (value.Length <= LongestExample && Randomness.HasPlaceholderRun(value)) || Randomness.IsHandwrittenHex(value) || IsPlace(value))
        {
            return false;
        }

        var hasDigit = value.ContainsAny(Characters.Decimal);
        var hasLower = value.ContainsAny(Characters.LowerLetters);
        var hasUpper = value.ContainsAny(Characters.UpperLetters);
        return hasDigit && (hasLower || hasUpper)
            ? Randomness.Entropy(value) >= LeastEntropy
            : hasLower && hasUpper && value.Length >= ShortestWithoutDigits && Randomness.Entropy(value) >= LeastEntropyWithoutDigits && !IsWords(value);
    }

    /// <summary>A marker of ours, a variable, a template or a row of asterisks.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        if (value is [.., ')'] && value.IndexOf('(') is > 0 and var call && !value[..call].ContainsAnyExcept(Characters.NameLike) && IsPlaceholder(value[(call + 1)..^1]))
        {
            return true;
        }

        value = value.Trim("\"' ,;)");
        if (value.IsEmpty)
        {
            return true;
        }

        foreach (var constant in Constants)
        {
            if (value.Equals(constant, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return value.Length == 1 ? !char.IsAsciiLetterOrDigit(value[0]) : value.IndexOfAnyExcept(value[0]) < 0 || Randomness.IsMostlyPlaceholder(value) || IsTemplate(value) || IsMarked(value);
    }

    /// <summary>A path or a reference, from which a secret is read.</summary>
    public static bool IsPlace(ReadOnlySpan<char> value)
    {
        foreach (var reference in References)
        {
            if (value.StartsWith(reference, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        var isPath = value[0] is '/' or '~' or '.' ? value.Count('/') > 1 || value.StartsWith("./") || value.StartsWith("~/")
            : value.Length > 3 && char.IsAsciiLetter(value[0]) && value[1] == ':' && value[2] is '\\' or '/';
        return isPath && !value.Contains(' ') && HasWordsOnly(value);
    }

    private static bool IsHeader(SecretKind kind, ReadOnlySpan<char> value)
    {
        if (kind != SecretKind.Line)
        {
            return false;
        }

        if (IsAttribute(value))
        {
            return false;
        }

        // A scheme and its credentials, or pairs of a cookie: what speaks of a header has neither.
        var space = value.IndexOf(' ');
        var behind = space < 0 ? value : value[(space + 1)..].Trim();
        return !IsPlaceholder(behind) && (value.Contains('=') || LooksDrawn(behind) || (space > 0 && !behind.Contains(' ') && behind.Length >= ShortestRandom && LooksMixed(behind)) || LooksMixed(value));
    }

    private static bool IsAttribute(ReadOnlySpan<char> value)
    {
        foreach (var attribute in CookieAttributes)
        {
            if (value.StartsWith(attribute, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCode(ReadOnlySpan<char> value, Evidence evidence)
    {
        var code = value[..Math.Min(value.Length, LongestCode + 1)];
        var digits = code.Length - code.IndexOfAnyExcept(Characters.Decimal);
        return (code.Length <= LongestCode && code.ContainsAny(Characters.Decimal) && !code.Contains(' ') && code.Length >= 3 && (evidence >= Evidence.Pair || digits > code.Length))
            || LooksDrawn(value);
    }

    /// <summary>A number of one or two digits, with nothing but a sign behind it.</summary>
    public static bool IsCount(ReadOnlySpan<char> value)
    {
        var digits = Characters.Run(value, Characters.Decimal);
        return digits is 1 or 2 && (digits == value.Length || value[digits] is ';' or ',' or ' ');
    }

    /// <summary>More than a word: what a person chooses has digits or signs in it, or is several words.</summary>
    private static bool LooksChosen(ReadOnlySpan<char> value) => !IsCount(value) && (LooksMixed(value) || value.Contains(' ') || value.Length > LongestWord || !IsName(value));

    /// <summary>A first word of letters and digits that is no name.</summary>
    public static bool LooksMixed(ReadOnlySpan<char> value)
    {
        var first = value.IndexOf(' ') is > 0 and var space ? value[..space] : value;
        return first.Length >= 4 && first.ContainsAny(Characters.Letters) && first.ContainsAny(Characters.Decimal) && !IsKebab(first);
    }

    /// <summary>The name of a secret, or of a type of them: <c>orders-tls</c>, <c>ManagedIdentityCredential</c>.</summary>
    private static bool IsName(ReadOnlySpan<char> value) =>
        IsKebab(value) || (!value.ContainsAny(Characters.Decimal) && !value.ContainsAnyExcept(Characters.NameLike) && value.ContainsAny(Characters.Letters) && (value.Length < ShortestWithoutDigits || IsWords(value)));

    /// <summary>
    /// Words in small letters divided by dashes, dots or slashes, with no more than a few digits behind a word: <c>db/orders-v2</c>.
    /// </summary>
    private static bool IsKebab(ReadOnlySpan<char> value)
    {
        if (!value.ContainsAny('-', '/', '.') || value.ContainsAnyExcept(Characters.KebabLike))
        {
            return false;
        }

        while (!value.IsEmpty)
        {
            var end = value.IndexOfAny("-/._:");
            var part = end < 0 ? value : value[..end];
            var letters = part.IndexOfAnyExcept(Characters.LowerLetters) is >= 0 and var other ? other : part.Length;
            if (part.Length > 0 && part[letters..].ContainsAnyExcept(Characters.Decimal))
            {
                return false;
            }

            if (letters > 0 && part.Length - letters > 4)
            {
                return false;
            }

            value = end < 0 ? default : value[(end + 1)..];
        }

        return true;
    }

    /// <summary>Words joined by capitals: each has a vowel and a few letters, which what is drawn has not.</summary>
    public static bool IsWords(ReadOnlySpan<char> value)
    {
        var (humps, length, vowels) = (0, 0, 0);
        foreach (var character in value)
        {
            if (!char.IsAsciiLetter(character))
            {
                continue;
            }

            humps += char.IsAsciiLetterUpper(character) ? 1 : 0;
            length++;
            vowels += (character | 0x20) is 'a' or 'e' or 'i' or 'o' or 'u' or 'y' ? 1 : 0;
        }

        return length > 0 && humps * 4 <= length + 3 && vowels * 4 >= length && vowels * 5 <= length * 3;
    }

    private static bool HasWordsOnly(ReadOnlySpan<char> value)
    {
        foreach (var part in value.SplitAny("/\\."))
        {
            var word = value[part];
            if (word.Length >= ShortestRandom && word.ContainsAny(Characters.Decimal) && word.ContainsAny(Characters.LowerLetters) && word.ContainsAny(Characters.UpperLetters))
            {
                return false;
            }
        }

        return value.ContainsAny(Characters.Letters);
    }

    /// <summary>What is drawn has a long stretch without a separator; names and versions do not: <c>jackson-0.11.2</c>.</summary>
    private static int Longest(ReadOnlySpan<char> value)
    {
        var (longest, word) = (0, 0);
        foreach (var character in value)
        {
            word = char.IsAsciiLetterOrDigit(character) ? word + 1 : 0;
            longest = Math.Max(longest, word);
        }

        return longest;
    }

    /// <summary>Begins with a marker of ours, behind which nothing but the rest of a line is.</summary>
    public static bool IsMarked(ReadOnlySpan<char> value) =>
        value[0] == '[' && value.IndexOf(']') is > 1 and var end && end <= LongestPlaceholder && (end + 1 == value.Length || !char.IsLetterOrDigit(value[end + 1]))
        && value[1..end].IndexOfAnyExcept(Characters.LowerLetters) is var other && (other < 0 || value[other + 1] is ':' or '-' or ' ');

    /// <summary>A name in the brackets of a template language. A password in brackets is no name.</summary>
    private static bool IsTemplate(ReadOnlySpan<char> value)
    {
        if (value.Length > LongestPlaceholder)
        {
            return false;
        }

        var (opening, closing) = value[0] switch
        {
            '<' => ("<", ">"),
            '{' => value.StartsWith("{{") ? ("{{", "}}") : ("{", "}"),
            '[' => ("[", "]"),
            '%' => value.StartsWith("%(") ? ("%(", ")s") : ("%", "%"),
            '$' => value.StartsWith("${{") ? ("${{", "}}") : value.StartsWith("${") ? ("${", "}") : value.StartsWith("$(") ? ("$(", ")") : ("$", ""),
            '@' => value.StartsWith("@{") ? ("@{", "}") : ("@", ""),
            ':' => (":", ""),
            '#' => value.StartsWith("#{") ? ("#{", "}") : ("", " "),
            _ => ("", " "),
        };
        if (value.StartsWith("$(") || value.StartsWith("${") || value.StartsWith("{{") || value is ['%', 's' or 'd' or 'v' or 'q'] or "?" or "%@")
        {
            return true;
        }

        if (!value.EndsWith(closing, StringComparison.Ordinal) || value.Length <= opening.Length + closing.Length)
        {
            return false;
        }

        var name = value[opening.Length..^closing.Length].Trim();
        return opening is "$(" or "${" or "{{" or "${{" or "#{" || (opening is "$" ? IsVariable(name) : IsIdentifier(name));
    }

    private static bool IsVariable(ReadOnlySpan<char> name) => IsIdentifier(name) && !name.ContainsAny(Characters.LowerLetters) | !name.ContainsAny(Characters.UpperLetters);

    /// <summary>Words, and a number behind a word; digits between letters are no name.</summary>
    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(Characters.NameLike))
        {
            return false;
        }

        for (var i = 1; i < name.Length; i++)
        {
            if (char.IsAsciiLetter(name[i]) && char.IsAsciiDigit(name[i - 1]))
            {
                return false;
            }
        }

        return true;
    }
}
