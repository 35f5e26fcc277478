using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>What the words beside a number say about it.</summary>
internal static class CardContext
{
    private const int NameReach = 48;
    private const int Before = 40;
    private const int After = 24;
    private const int MaxGap = 8;
    private const int MaxWords = 6;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Ids = Set(
        "id", "ids", "order", "orders", "offset", "offsets", "gtin", "ean", "upc", "isbn", "imei", "imsi", "iccid", "sku", "invoice",
        "serial", "trace", "span", "snowflake", "timestamp", "timestamps", "ts", "account", "accounts", "tracking", "shipment", "parcel",
        "ref", "reference", "seq", "sequence", "uid", "guid", "uuid", "batch", "lsn", "cursor", "epoch", "millis", "micros", "nanos",
        "ticks", "build", "barcode", "ticket", "tweet", "bytes", "count", "checksum", "hash");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Cards = Set(
        "card", "cards", "cardno", "cardnum", "cardnumber", "creditcard", "pan", "cc", "ccn", "ccno", "ccnum", "visa", "mastercard",
        "maestro", "amex", "diners", "discover", "jcb", "unionpay", "debit", "credit", "karte", "kreditkarte", "carte", "tarjeta",
        "karta", "kaart");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Payments = Set(
        "payment", "payments", "paid", "charge", "iin");

    /// <summary>Words that lead from a name to its value.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Links = Set(
        "number", "no", "nr", "num", "value", "code", "is", "was", "of", "the", "to", "at", "from", "for");

    private static readonly SearchValues<char> GapCharacters = SearchValues.Create(" \t\"'\\:=#_-.([{>/");
    private static readonly SearchValues<char> NameJoints = SearchValues.Create("_-.");

    /// <summary>Whether the name in front of the number is that of an id, and of no card.</summary>
    public static bool NamesId(ReadOnlySpan<char> text, int start)
    {
        var name = text[Math.Max(0, start - NameReach)..start];
        var (isId, isLinked) = (false, true);
        for (var i = 0; i < MaxWords; i++)
        {
            var word = LastWords.TakeLast(ref name, out var gap);
            var isJoint = i > 0 && !gap.ContainsAnyExcept(NameJoints);
            if (word.IsEmpty || gap.Length > MaxGap || gap.ContainsAnyExcept(GapCharacters) || !(isJoint || (isLinked && !isId)))
            {
                break;
            }

            if (Cards.Contains(word))
            {
                return false;
            }

            isId |= Ids.Contains(word);
            isLinked = Links.Contains(word);
        }

        return isId;
    }

    /// <summary>Whether a word of payments stands near.</summary>
    public static bool NamesCard(ReadOnlySpan<char> text, int start, int end) =>
        HasCardWord(text[Math.Max(0, start - Before)..start]) || HasCardWord(text[end..Math.Min(text.Length, end + After)]);

    private static bool HasCardWord(ReadOnlySpan<char> text)
    {
        while (LastWords.TakeLast(ref text, out _) is { IsEmpty: false } word)
        {
            if (Cards.Contains(word) || Payments.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] words) =>
        words.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
