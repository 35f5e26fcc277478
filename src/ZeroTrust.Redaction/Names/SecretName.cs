using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroTrust.Redaction.Names;

/// <summary>
/// Tells from the words of a name, in any casing and with any separators, whether a secret stands behind it. One judge for attribute
/// keys, placeholders of logs,
/// headers, members and the names inside a text.
/// </summary>
internal static class SecretName
{
    /// <summary>Of a longer name the end is read.</summary>
    public const int MaxLength = 64;

    private const int Letters = 26;
    private const int CaseBit = 0x20;
    private const int LetterBits = 5;
    private const int LastLetters = (1 << (3 * LetterBits)) - 1;

    /// <summary>The telling words by their last letter, the longest first.</summary>
    private static readonly (string Words, SecretKind Kind, bool IsWhole)[][] ByLastLetter =
        [.. Enumerable.Range('a', Letters).Select(static letter => NameWords.Telling.Where(word => word.Words[^1] == letter).OrderByDescending(static word => word.Words.Length).ToArray())];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> About = NameWords.About.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Asking = NameWords.Asking.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Values = NameWords.Value.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What is telling beside the name of a vendor.</summary>
    private static readonly string[] VendorWords = ["key", "login", "accessid"];

    /// <summary>The last three letters of every telling word.</summary>
    private static readonly bool[] Ends = IndexEnds();

    /// <summary>What the words of the name tell.</summary>
    public static SecretKind Classify(ReadOnlySpan<char> name)
    {
        name = name.Length > MaxLength ? name[^MaxLength..] : name;
        return MayTell(name) ? ClassifyWords(name) : SecretKind.None;
    }

    /// <summary>
    /// What the key of an attribute tells. A connection string is kept in a text for what it says beside its password; as a value of
    /// its own it goes.
    /// </summary>
    public static SecretKind ClassifyKey(ReadOnlySpan<char> key)
    {
        var kind = Classify(key);
        if (kind != SecretKind.None)
        {
            return kind;
        }

        Span<char> letters = stackalloc char[MaxLength];
        Span<int> ends = stackalloc int[MaxLength];
        key = key.Length > MaxLength ? key[^MaxLength..] : key;
        var words = Split(key, letters, ends);
        return words > 0 && letters[..ends[words - 1]].IndexOf("connectionstring", StringComparison.Ordinal) >= 0 ? SecretKind.Password : SecretKind.None;
    }

    /// <summary>What a name below another tells: the value of that, something about it, or something of its own.</summary>
    public static SecretKind ClassifyBelow(SecretKind parent, ReadOnlySpan<char> name)
    {
        var own = Classify(name);
        if (own != SecretKind.None || parent == SecretKind.None)
        {
            return own;
        }

        Span<char> letters = stackalloc char[MaxLength];
        Span<int> ends = stackalloc int[MaxLength];
        name = name.Length > MaxLength ? name[^MaxLength..] : name;
        var words = Split(name, letters, ends);
        var last = words == 0 ? default : letters[(words > 1 ? ends[words - 2] : 0)..ends[words - 1]];
        return words == 0 || Values.Contains(last) ? parent : About.Contains(last) ? SecretKind.None : SecretKind.Random;
    }

    /// <summary>Whether a name is one of these, in any casing.</summary>
    public static bool IsAny(ReadOnlySpan<char> name, params ReadOnlySpan<string> names)
    {
        foreach (var other in names)
        {
            if (name.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static SecretKind ClassifyWords(ReadOnlySpan<char> name)
    {
        Span<char> letters = stackalloc char[MaxLength];
        Span<int> ends = stackalloc int[MaxLength];
        var words = Split(name, letters, ends);
        if (words == 0)
        {
            return SecretKind.None;
        }

        // From the last word on, as that says what the name is of.
        for (var word = words - 1; word >= 0; word--)
        {
            var end = ends[word];
            if (!char.IsAsciiLetter(letters[end - 1]))
            {
                continue;
            }

            if (Find(letters[..end], ends[..word], out var start) is not SecretKind.None and var kind)
            {
                return IsAbout(letters, ends[..words], word) || IsAsked(letters, ends, start) || EndsHarmless(letters[..end]) ? SecretKind.None : kind;
            }

            if (word == words - 1 && About.Contains(letters[(word > 0 ? ends[word - 1] : 0)..end]) && !letters[..end].EndsWith("key"))
            {
                break;
            }
        }

        return letters[..ends[words - 1]].ContainsAny(Vendors.Names) && EndsWithAny(letters[..ends[words - 1]], VendorWords) ? SecretKind.Random : SecretKind.None;
    }

    /// <summary>The longest telling words that end here.</summary>
    private static SecretKind Find(ReadOnlySpan<char> letters, ReadOnlySpan<int> ends, out int start)
    {
        foreach (var (words, kind, isWhole) in ByLastLetter[letters[^1] - 'a'])
        {
            start = letters.Length - words.Length;
            if (letters.EndsWith(words) && (start == 0 || !isWhole || ends.Contains(start)))
            {
                return kind;
            }
        }

        start = 0;
        return BeginsTelling(letters[(ends.IsEmpty ? 0 : ends[^1])..]);
    }

    /// <summary>A word that goes on behind the one that tells, written as one: <c>passwordconfirmation</c>.</summary>
    private static SecretKind BeginsTelling(ReadOnlySpan<char> word) =>
        word.StartsWith("password") && !About.Contains(word["password".Length..]) ? SecretKind.Password : SecretKind.None;

    private static bool IsAbout(ReadOnlySpan<char> letters, ReadOnlySpan<int> ends, int word) =>
        word + 1 < ends.Length && (About.Contains(letters[ends[word]..ends[word + 1]]) || About.Contains(letters[ends[^2]..ends[^1]]));

    private static bool IsAsked(ReadOnlySpan<char> letters, ReadOnlySpan<int> ends, int start)
    {
        var from = 0;
        foreach (var end in ends)
        {
            if (end >= start)
            {
                return start > from && Asking.Contains(letters[from..start]);
            }

            if (Asking.Contains(letters[from..end]) && from == 0)
            {
                return true;
            }

            from = end;
        }

        return false;
    }

    private static bool EndsHarmless(ReadOnlySpan<char> letters)
    {
        foreach (var harmless in NameWords.Harmless)
        {
            if (letters.EndsWith(harmless))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the letters and digits in lower case, and where each word ends among them.</summary>
    /// <returns>How many words there are.</returns>
    private static int Split(ReadOnlySpan<char> name, Span<char> letters, Span<int> ends)
    {
        var (count, words) = (0, 0);
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]))
            {
                words = Close(ends, words, count);
                continue;
            }

            if (count > 0 && i > 0 && Begins(name, i))
            {
                words = Close(ends, words, count);
            }

            letters[count++] = char.ToLowerInvariant(name[i]);
        }

        return Close(ends, words, count);
    }

    /// <summary>
    /// A capital behind a small letter, the last capital of several before a small letter, and a change between letters and digits.
    /// </summary>
    private static bool Begins(ReadOnlySpan<char> name, int i)
    {
        var (before, here) = (name[i - 1], name[i]);
        return !char.IsAsciiLetterOrDigit(before) ? false
            : char.IsAsciiDigit(here) != char.IsAsciiDigit(before) ? true
            : char.IsAsciiLetterUpper(here) && (!char.IsAsciiLetterUpper(before) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]) && !(i + 2 == name.Length && name[i + 1] == 's')));
    }

    private static int Close(Span<int> ends, int words, int count)
    {
        if (count > (words > 0 ? ends[words - 1] : 0))
        {
            ends[words++] = count;
        }

        return words;
    }

    /// <summary>
    /// Whether the three last letters of a telling word are in a name or a text, whatever stands between them. Most have none.
    /// </summary>
    public static bool MayTell(ReadOnlySpan<char> text)
    {
        ref var ends = ref MemoryMarshal.GetArrayDataReference(Ends);
        var last = 0;
        foreach (var character in text)
        {
            var letter = (character | CaseBit) - 'a';
            if ((uint)letter < Letters)
            {
                last = ((last << LetterBits) | letter) & LastLetters;
                if (Unsafe.Add(ref ends, last))
                {
                    return true;
                }
            }
        }

        return text.StartsWith("pw", StringComparison.OrdinalIgnoreCase);
    }

    private static bool[] IndexEnds()
    {
        var ends = new bool[LastLetters + 1];
        foreach (var word in NameWords.Telling.Select(static word => word.Words).Concat(VendorWords).Append("password"))
        {
            // Of a word of two letters any may stand before it.
            for (var first = 0; first < Letters; first++)
            {
                var third = word.Length > 2 ? word[^3] - 'a' : first;
                ends[(((third << LetterBits) | (word[^2] - 'a')) << LetterBits) | (word[^1] - 'a')] = true;
            }
        }

        return ends;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> letters, string[] words)
    {
        foreach (var word in words)
        {
            if (letters.EndsWith(word))
            {
                return true;
            }
        }

        return false;
    }
}
