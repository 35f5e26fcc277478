using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// What one look at a text tells: which detectors cannot find anything in it. Each gate lets through all that its detector could find, so
/// it changes the cost and never the result.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TextTraits
{
    private const byte At = 1;
    private const byte Percent = 1 << 1;
    private const byte Sign = 1 << 2;
    private const byte Colon = 1 << 3;
    private const byte Query = 1 << 4;
    private const byte Space = 1 << 5;
    private const byte Dash = 1 << 6;
    private const byte Upper = 1 << 7;
    private const byte Dot = 1;
    private const byte Plus = 1 << 1;
    private const byte Opening = 1 << 2;
    private const byte Escape = 1 << 3;
    private const byte Comma = 1 << 4;
    private const byte Slash = 1 << 5;
    private const byte Parenthesis = 1 << 6;

    private const int FewestCardDigits = 13;
    private const int ShortestIban = 15;
    private const int FewestCodeDigits = 4;
    private const int ShortestSaml = 128;
    private const int ShortestCredentials = 10;

    private readonly byte _signs;
    private readonly byte _marks;
    private readonly int _digits;
    private readonly int _length;
    private readonly TextRuns _runs;

    public TextTraits(ReadOnlySpan<char> text)
    {
        var (signs, marks, runs, digits) = (Vector256<byte>.Zero, Vector256<byte>.Zero, default(TextRuns), 0);
        for (var rest = text; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, TextBlock.Length)..])
        {
            var block = new TextBlock(rest);
            signs |= block.Where('@', At) | block.Where('%', Percent) | block.Where('=', Sign) | block.Where('>', Sign) | block.Where(':', Colon)
                | block.Where('?', Query) | block.Where('#', Query) | block.Where(' ', Space) | block.Where('-', Dash) | (block.Upper & Vector256.Create(Upper));
            marks |= block.Where('.', Dot) | block.Where('+', Plus) | block.Where('{', Opening) | block.Where('[', Opening) | block.Where('<', Opening)
                | block.Where('\\', Escape) | block.Where('&', Escape) | block.Where('%', Escape) | block.Where(',', Comma) | block.Where(';', Comma) | block.Where('/', Slash) | block.Where('(', Parenthesis);
            digits += BitOperations.PopCount(block.Digit.ExtractMostSignificantBits());
            runs.Add(block);
        }

        (_signs, _marks, _runs, _digits, _length) = (Fold(signs), Fold(marks), runs, digits, text.Length);
    }

    public bool MayHoldPrivateKey => Has(Dash) && _runs.HasArmourWord && Has(Upper);

    public bool MayHoldStructure => HasMark(Opening);

    public bool MayHoldEncodedKey => _runs.HasLongWord && Has(Upper);

    public bool MayHoldJwk => _runs.HasTokenWord && Has(Colon);

    public bool MayHoldSaml => _runs.HasLongWord && Has(Upper) && _length >= ShortestSaml;

    public bool MayHoldEscapes => HasMark(Escape);

    public bool MayHoldUrl => Has(Query) || (Has(At) && Has(Colon)) || (_runs.HasTokenWord && HasMark(Slash));

    public bool MayHoldCredentials => _length >= ShortestCredentials && (Has(Space) || Has(Percent) || HasMark(Plus)) && (_digits > 0 || Has(Upper));

    public bool MayHoldJwt => _runs.HasJwtPart && (HasMark(Dot) || _runs.HasTokenWord) && Has(Upper);

    public bool MayHoldToken => _runs.HasTokenWord;

    public bool MayHoldArgument => _runs.HasOption;

    public bool MayHoldVerb => Has(Space) && Has(Dash) && _runs.HasTokenWord;

    public bool MayHoldProse => Has(Space) && (_digits >= FewestCodeDigits || (_digits > 0 && _runs.HasJwtPart));

    public bool MayHoldConnection => Has(At) && (HasMark(Slash) || HasMark(Parenthesis));

    public bool MayHoldPair => Has(Sign) || Has(Colon) || HasMark(Comma);

    public bool MayHoldEmail => Has(At) || Has(Percent) || HasMark(Escape);

    public bool MayHoldIban => _length >= ShortestIban && _runs.HasIbanStart;

    public bool MayHoldCard => _digits >= FewestCardDigits && (_runs.HasCardRun || HasMark(Escape));

    private bool Has(byte sign) => (_signs & sign) != 0;

    private bool HasMark(byte mark) => (_marks & mark) != 0;

    /// <summary>The bits that are set anywhere.</summary>
    private static byte Fold(Vector256<byte> bits)
    {
        var half = (bits.GetLower() | bits.GetUpper()).AsUInt64();
        var folded = half[0] | half[1];
        folded |= folded >> 32;
        folded |= folded >> 16;
        return (byte)(folded | (folded >> 8));
    }
}
