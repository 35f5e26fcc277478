using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>Up to 32 characters side by side, one byte each; what is not ASCII is <c>0x80</c> or more.</summary>
internal readonly ref struct TextBlock
{
    public const int Length = 32;
    private const int Half = Length / 2;

    private readonly Vector256<byte> _characters;

    /// <summary>The beginning of a text; a shorter one is filled up with zeros.</summary>
    public TextBlock(ReadOnlySpan<char> text)
    {
        if (text.Length < Length)
        {
            Span<char> filled = stackalloc char[Length];
            text.CopyTo(filled);
            _characters = Narrow(filled);
        }
        else
        {
            _characters = Narrow(text);
        }
    }

    public Vector256<byte> Digit => InRange(_characters, '0', '9');

    public Vector256<byte> Letter => InRange(_characters | Vector256.Create((byte)0x20), 'a', 'z');

    public Vector256<byte> Upper => InRange(_characters, 'A', 'Z');

    public Vector256<byte> NotAscii => Vector256.GreaterThanOrEqual(_characters, Vector256.Create((byte)0x80));

    public Vector256<byte> Is(char character) => Vector256.Equals(_characters, Vector256.Create((byte)character));

    /// <summary>The bit where the character is.</summary>
    public Vector256<byte> Where(char character, byte bit) => Is(character) & Vector256.Create(bit);

    private static Vector256<byte> InRange(Vector256<byte> characters, char first, char last) =>
        Vector256.LessThanOrEqual(characters - Vector256.Create((byte)first), Vector256.Create((byte)(last - first)));

    private static Vector256<byte> Narrow(ReadOnlySpan<char> text)
    {
        var words = MemoryMarshal.Cast<char, ushort>(text);
        return Vector256.NarrowWithSaturation(Vector256.Create(words[..Half]), Vector256.Create(words[Half..Length]));
    }
}
