using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// What one look at a text tells: which detectors cannot find anything in it. Each gate lets through all that its detector could find, so it
/// changes the cost and never the result.
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

    private const int FewestCardDigits = 13;
    private const int ShortestIban = 15;
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
            marks |= block.Where('.', Dot) | block.Where('+', Plus);
            digits += BitOperations.PopCount(block.Digit.ExtractMostSignificantBits());
            runs.Add(block);
        }

        (_signs, _marks, _runs, _digits, _length) = (Fold(signs), Fold(marks), runs, digits, text.Length);
    }

    public bool MayHoldPrivateKey => Has(Dash) && _runs.HasArmourWord && Has(Upper);

    public bool MayHoldUrlUser => Has(At) && Has(Colon);

    public bool MayHoldQuery => Has(Query);

    public bool MayHoldCredentials => _length >= ShortestCredentials && (Has(Space) || Has(Percent) || HasMark(Plus)) && (_digits > 0 || Has(Upper));

    public bool MayHoldJwt => _runs.HasJwtPart && (HasMark(Dot) || _runs.HasTokenWord) && Has(Upper);

    public bool MayHoldToken => _runs.HasTokenWord;

    public bool MayHoldDiscordToken => _runs.HasTokenWord && HasMark(Dot);

    public bool MayHoldArgument => Has(Space) && Has(Dash);

    public bool MayHoldNamedSecret => Has(Sign) || Has(Colon) || Has(Percent);

    public bool MayHoldEmail => Has(At) || Has(Percent);

    public bool MayHoldIban => _length >= ShortestIban && _runs.HasIbanStart;

    public bool MayHoldCard => _digits >= FewestCardDigits && _runs.HasCardRun;

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
