using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// How long runs of one kind of character get, over blocks that follow each other. No run that counts is longer than a block, so the one
/// before is enough to know.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TextRuns
{
    private ulong _word;
    private ulong _card;
    private ulong _letter;
    private ulong _digit;
    private ulong _gap;

    /// <summary>A dash or a slash behind a space, a line break or a quote.</summary>
    public bool HasOption { get; private set; }

    /// <summary>Six characters of a word, the fewest beside the dashes of an armoured key.</summary>
    public bool HasArmourWord { get; private set; }

    /// <summary>Eight characters of a word.</summary>
    public bool HasJwtPart { get; private set; }

    /// <summary>Twelve characters of a word.</summary>
    public bool HasTokenWord { get; private set; }

    /// <summary>Twenty-four characters of a word.</summary>
    public bool HasLongWord { get; private set; }

    /// <summary>Thirteen digits and what may stand between them.</summary>
    public bool HasCardRun { get; private set; }

    /// <summary>Two letters at the beginning of a word, and a digit.</summary>
    public bool HasIbanStart { get; private set; }

    public void Add(TextBlock block)
    {
        var (digit, letter, dash) = (block.Digit, block.Letter, block.Is('-'));
        Append(ref _word, digit | letter | dash | block.Is('_') | block.Is('~'));
        var blank = block.Is(' ') | block.Is('\t') | block.NotAscii;
        Append(ref _card, digit | dash | blank | block.Is('.') | block.Is('_') | block.Is('/') | block.Is('+') | block.Is('%'));
        Append(ref _letter, letter);
        Append(ref _digit, digit);

        Append(ref _gap, block.Is(' ') | block.Is('\t') | block.Is('\n') | block.Is('"') | block.Is('\''));
        var option = (ulong)(dash | block.Is('/')).ExtractMostSignificantBits() << TextBlock.Length;
        HasOption |= ((_gap << 1) & option) != 0;

        var two = _word & (_word >> 1);
        var four = two & (two >> 2);
        var eight = four & (four >> 4);
        HasArmourWord |= (four & (two >> 4)) != 0;
        HasJwtPart |= eight != 0;
        var twelve = eight & (four >> 8);
        HasTokenWord |= twelve != 0;
        HasLongWord |= (twelve & (twelve >> 12)) != 0;

        two = _card & (_card >> 1);
        four = two & (two >> 2);
        eight = four & (four >> 4);
        HasCardRun |= (eight & (four >> 8) & (_card >> 12)) != 0;

        var start = ~((_letter | _digit) << 1);
        HasIbanStart |= (start & _letter & (_letter >> 1) & (_digit >> 2)) != 0;
    }

    /// <summary>The block before in the lower half, this one in the upper.</summary>
    private static void Append(ref ulong run, Vector256<byte> block) =>
        run = (run >> TextBlock.Length) | ((ulong)block.ExtractMostSignificantBits() << TextBlock.Length);
}
