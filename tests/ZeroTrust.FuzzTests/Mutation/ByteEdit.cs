using System.Runtime.InteropServices;

namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>What one edit of an encoding does. The lengths of what is around it are left as they are.</summary>
public enum ByteEditKind
{
    FlipBit = 0,
    SetOctet,
    Insert,
    Delete,
    Truncate,
    SetLength,
    RepeatValue,
    RemoveValue,
    SwapValues,
}

/// <summary>One edit of an encoding.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="At">Where: an offset or the number of a value, taken modulo what is there.</param>
/// <param name="Count">How much.</param>
/// <param name="Value">What is written.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteEdit(ByteEditKind Kind, ushort At, byte Count, byte Value)
{
    internal static ByteEdit Draw(Dice dice) =>
        new((ByteEditKind)dice.Below((int)ByteEditKind.SwapValues + 1), (ushort)dice.Below(ushort.MaxValue), (byte)dice.Below(16), dice.Octet());

    internal static byte[] Apply(byte[] encoded, IEnumerable<ByteEdit> edits) => edits.Aggregate(encoded, (current, edit) => edit.Apply(current));

    internal byte[] Apply(byte[] encoded)
    {
        if (encoded.Length == 0)
        {
            return [Value];
        }

        var at = At % encoded.Length;
        var end = Math.Min(encoded.Length, at + 1 + (Count % 16));
        byte[] result = [.. encoded];
        switch (Kind)
        {
            case ByteEditKind.FlipBit:
                result[at] ^= (byte)(1 << (Value % 8));
                return result;
            case ByteEditKind.SetOctet:
                result[at] = Value;
                return result;
            case ByteEditKind.Insert:
                return [.. encoded[..at], .. Enumerable.Repeat(Value, end - at), .. encoded[at..]];
            case ByteEditKind.Delete:
                return [.. encoded[..at], .. encoded[end..]];
            case ByteEditKind.Truncate:
                return encoded[..at];
            default:
                return ApplyToValue(encoded, TlvWalker.FindAll(encoded));
        }
    }

    private byte[] ApplyToValue(byte[] encoded, List<Range> values)
    {
        if (values.Count == 0)
        {
            return encoded;
        }

        var (start, length) = values[At % values.Count].GetOffsetAndLength(encoded.Length);
        var end = start + length;
        switch (Kind)
        {
            case ByteEditKind.SetLength:
                byte[] tampered = [.. encoded];
                tampered[start + 1] = Value;
                return tampered;
            case ByteEditKind.RepeatValue:
                return [.. encoded[..end], .. encoded[start..end], .. encoded[end..]];
            case ByteEditKind.RemoveValue:
                return [.. encoded[..start], .. encoded[end..]];
            default:
                var next = values.Find(value => value.Start.Value == end);
                var nextEnd = next.End.Value;
                return nextEnd <= end ? encoded : [.. encoded[..start], .. encoded[end..nextEnd], .. encoded[start..end], .. encoded[nextEnd..]];
        }
    }
}
