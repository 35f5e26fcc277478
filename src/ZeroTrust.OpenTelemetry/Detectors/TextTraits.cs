using System.Runtime.InteropServices;

namespace ZeroTrust.OpenTelemetry.Detectors;

/// <summary>
/// What one look at a text tells: which detectors cannot find anything in it. Each gate lets through all that its detector could find, so it
/// changes the cost and never the result.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TextTraits
{
    private const int Ascii = 128;
    private const int Word = 1 << 16;
    private const int Digit = 1 << 17;
    private const int At = 1;
    private const int Percent = 1 << 1;
    private const int Sign = 1 << 2;
    private const int Colon = 1 << 3;
    private const int Query = 1 << 4;
    private const int Space = 1 << 5;
    private const int Dash = 1 << 6;
    private const int Upper = 1 << 7;
    private const int Dot = 1 << 8;
    private const int Plus = 1 << 9;

    private const int ShortestToken = 12;
    private const int ShortestJwtPart = 8;
    private const int ShortestArmour = 7;
    private const int ShortestCard = 13;
    private const int ShortestIban = 15;
    private const int FewestIbanDigits = 2;
    private const int ShortestCredentials = 10;

    private static readonly int[] Classes = [.. Enumerable.Range(0, Ascii).Select(static code => Classify((char)code))];

    private readonly int _classes;
    private readonly int _digits;
    private readonly int _longestWord;
    private readonly int _length;

    public TextTraits(ReadOnlySpan<char> text)
    {
        var (classes, digits, word, longest) = (0, 0, 0, 0);
        foreach (var character in text)
        {
            var kind = character < Ascii ? Classes[character] : 0;
            classes |= kind;
            digits += (kind >> 17) & 1;
            word = (kind & Word) != 0 ? word + 1 : 0;
            longest = Math.Max(longest, word);
        }

        (_classes, _digits, _longestWord, _length) = (classes, digits, longest, text.Length);
    }

    public bool MayHoldPrivateKey => Has(Dash) && _longestWord >= ShortestArmour - 1 && Has(Upper);

    public bool MayHoldUrlUser => Has(At) && Has(Colon);

    public bool MayHoldQuery => Has(Query);

    public bool MayHoldCredentials => _length >= ShortestCredentials && (Has(Space) || Has(Percent) || Has(Plus)) && (_digits > 0 || Has(Upper));

    public bool MayHoldJwt => _longestWord >= ShortestJwtPart && (Has(Dot) || _longestWord >= ShortestToken) && Has(Upper);

    public bool MayHoldToken => _longestWord >= ShortestToken;

    public bool MayHoldDiscordToken => _longestWord >= ShortestToken && Has(Dot);

    public bool MayHoldArgument => Has(Space) && Has(Dash);

    public bool MayHoldNamedSecret => Has(Sign) || Has(Colon) || Has(Percent);

    public bool MayHoldEmail => Has(At) || Has(Percent);

    public bool MayHoldIban => _length >= ShortestIban && _digits >= FewestIbanDigits;

    public bool MayHoldCard => _digits >= ShortestCard;

    private static int Classify(char character) => character switch
    {
        '@' => At,
        '%' => Percent,
        '=' or '>' => Sign,
        ':' => Colon,
        '?' or '#' => Query,
        ' ' => Space,
        '-' => Dash | Word,
        '.' => Dot,
        '_' or '~' => Word,
        '+' => Plus,
        >= '0' and <= '9' => Digit | Word,
        >= 'A' and <= 'Z' => Upper | Word,
        >= 'a' and <= 'z' => Word,
        _ => 0,
    };

    private bool Has(int kind) => (_classes & kind) != 0;
}
