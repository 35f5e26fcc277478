using System.Buffers;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;
using ZeroTrust.Redaction.Optional;
using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Reads a text by what it is: what of it is JSON or markup by its syntax, what stands in escapes as the text behind them, the rest
/// piece by piece. Each piece is
/// searched for URLs, pairs, arguments and shapes.
/// </summary>
internal sealed class TextScanner
{
    /// <summary>A text in a text in a text: deeper nobody reads, and it goes as a whole.</summary>
    private const int MaxDepth = 8;

    private const int Shortest = 3;

    /// <summary>The text itself has no quote to write another like it: it is one of JSON.</summary>
    public const int OwnQuote = -1;

    /// <summary>The text is in the string of another, whose quotes are not known: better no string than the end of that.</summary>
    public const int NoQuote = -2;
    private const string TooDeep = "[too deep]";

    private static readonly SearchValues<char> Openings = SearchValues.Create("{[<");

    private readonly FindingList _found = new();
    private string _root = "";
    private DetectorKinds _kinds;
    private TokenIndex? _shapes;

    /// <summary>What was found.</summary>
    public FindingList Found => _found;

    /// <summary>Searches a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kinds">The detectors that are switched on.</param>
    /// <param name="shapes">Tokens of the configuration.</param>
    public void Scan(string text, DetectorKinds kinds, TokenIndex? shapes)
    {
        _found.Clear();
        (_root, _kinds, _shapes) = (text, kinds, shapes);
        Read(new TextView(text), 0, text.Length, depth: 0);
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        _found.Clear();
        (_root, _shapes) = ("", null);
    }

    /// <summary>Searches a part of a text.</summary>
    public void Read(in TextView view, int from, int to, int depth)
    {
        if (to - from < Shortest)
        {
            return;
        }

        if (depth > MaxDepth)
        {
            _found.Add(view.PlaceOf(from), view.PlaceOf(to), TooDeep);
            return;
        }

        var traits = new TextTraits(view.Text[from..to]);
        if (Has(DetectorKinds.PrivateKeys) && traits.MayHoldPrivateKey)
        {
            Find<PrivateKeyDetector>(view.UpTo(to), from, _found.Count);
        }

        if (Has(DetectorKinds.PrivateKeys) && traits.MayHoldJwk)
        {
            Find<JwkDetector>(view.UpTo(to), from, _found.Count);
        }

        if (!traits.MayHoldStructure)
        {
            ReadPiece(view, from, to, traits, depth);
            return;
        }

        ReadStructure(view.UpTo(to), from, depth);
    }

    /// <summary>Searches the characters of a string that its quotes were taken from.</summary>
    public void ReadString(in TextView view, int start, int end, bool isEscaped, int depth)
    {
        if (isEscaped)
        {
            ReadEscaped(view, start, end, Escapes.Backslash, depth, _found.Count);
        }
        else
        {
            Read(view, start, end, depth + 1);
        }
    }

    /// <summary>Searches a number of many digits.</summary>
    public void ReadNumber(in TextView view, int start, int end, int quote)
    {
        if (Has(DetectorKinds.Cards) && PaymentCardDetector.TryFind(view.Text[..end], start, out var finding) && finding.Start < end)
        {
            HideScalar(view, start, end, quote, finding.Marker.Trim('"'));
        }
    }

    /// <summary>Hides the value of a telling name, where it is a secret.</summary>
    /// <returns>Whether it was hidden.</returns>
    public bool TryHide(in TextView view, int start, int end, SecretKind kind, Evidence evidence, bool isEscaped)
    {
        const int Sample = 256;
        var value = view.Text[start..Math.Min(end, start + Sample)];
        if (isEscaped)
        {
            Span<char> characters = stackalloc char[Sample];
            Span<int> places = stackalloc int[Sample + 1];
            var count = Unescaper.Read(view, start, start + value.Length, Escapes.Backslash | Escapes.Entity, characters, places);
            return TryHide(view, start, end, kind, evidence, characters[..count]);
        }

        return TryHide(view, start, end, kind, evidence, value);
    }

    /// <summary>Puts a string in the place of a value that is none. Its quotes are written as those of the text are.</summary>
    public void HideScalar(in TextView view, int start, int end, int quote, string marker = PairReader.Marker)
    {
        var spelled = quote switch { OwnQuote => "\"", NoQuote => "", _ => _root[view.PlaceOf(quote)..view.PlaceOf(quote + 1)] };
        _found.Add(view.PlaceOf(start), view.PlaceOf(end), string.Concat(spelled, marker, spelled));
    }

    private bool TryHide(in TextView view, int start, int end, SecretKind kind, Evidence evidence, scoped ReadOnlySpan<char> value)
    {
        if (!Has(DetectorKinds.NamedSecrets) || !SecretValue.IsSecret(kind, evidence, value))
        {
            return false;
        }

        var text = view.Text[..end];
        var marker = JwtDetector.TryFind(text, start, out var finding) && IsWhole(finding, start, end) ? finding.Marker
            : TokenDetector.TryFind(text, start, out finding) && IsWhole(finding, start, end) ? finding.Marker
            : PairReader.Marker;
        _found.Add(view.PlaceOf(start), view.PlaceOf(end), marker);
        return true;
    }

    private static bool IsWhole(in Finding finding, int start, int end) => finding.Start == start && finding.Length == end - start;

    private void ReadStructure(in TextView view, int from, int depth)
    {
        var text = view.Text;
        for (var at = from; at < text.Length && text[at..].IndexOfAny(Openings) is >= 0 and var found;)
        {
            at += found;
            var kind = PairReader.KindBefore(text, from, at);
            var end = text[at] != '<' ? JsonReader.Read(this, view, at, kind, depth)
                : kind == SecretKind.None ? XmlReader.Read(this, view, at, depth)
                : at;
            if (end > at)
            {
                ReadPiece(view, from, at, depth);
                from = end;
            }

            at = Math.Max(end, at + 1);
        }

        ReadPiece(view, from, text.Length, depth);
    }

    private void ReadPiece(in TextView view, int from, int to, int depth)
    {
        if (to - from >= Shortest)
        {
            ReadPiece(view, from, to, new TextTraits(view.Text[from..to]), depth);
        }
    }

    /// <summary>Searches what is neither JSON nor markup.</summary>
    private void ReadPiece(in TextView view, int from, int to, in TextTraits traits, int depth)
    {
        var piece = view.UpTo(to);
        var first = _found.Count;
        if (traits.MayHoldEscapes && Unescaper.In(view.Text[from..to]) is not Escapes.None and var escapes)
        {
            // Where the syntax holds as it stands, an escape is part of a value: a %26 in a form, a \' between quotes.
            if (!Unescaper.HideSyntax(view.Text[from..to]))
            {
                UrlReader.Read(piece, from, _kinds, _found);
                FindCredentials(piece, from, first, traits);
                if (Has(DetectorKinds.NamedSecrets))
                {
                    PairReader.Read(piece, from, first, _found);
                }
            }

            ReadEscaped(view, from, to, escapes, depth, first);
            return;
        }

        if (traits.MayHoldUrl)
        {
            UrlReader.Read(piece, from, _kinds, _found);
        }

        FindCredentials(piece, from, first, traits);
        var tells = Has(DetectorKinds.NamedSecrets) && (traits.MayHoldPair || traits.MayHoldProse) && SecretName.MayTell(view.Text[from..to]);
        if (tells && traits.MayHoldPair)
        {
            PairReader.Read(piece, from, first, _found);
        }

        if (Has(DetectorKinds.NamedSecrets) && traits.MayHoldConnection)
        {
            ConnectReader.Read(piece, from, _found);
        }

        if (Has(DetectorKinds.CommandLines) && traits.MayHoldArgument)
        {
            ArgumentReader.Read(piece, from, _found);
        }

        if (Has(DetectorKinds.CommandLines) && traits.MayHoldVerb)
        {
            ArgumentReader.ReadVerbs(piece, from, _found);
        }

        if (tells && traits.MayHoldProse)
        {
            ProseReader.Read(piece, from, first, _found);
        }

        FindShapes(piece, from, first, traits);
    }

    /// <summary>
    /// What is a secret by its own shape, with no name in front of it. It says more than the name does, and stands in its place.
    /// </summary>
    private void FindCredentials(in TextView piece, int from, int first, in TextTraits traits)
    {
        if (Has(DetectorKinds.PrivateKeys) && traits.MayHoldEncodedKey)
        {
            Find<EncodedKeyDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.SignedTokens) && traits.MayHoldSaml)
        {
            Find<SamlDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.SignedTokens) && traits.MayHoldJwt)
        {
            Find<JwtDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.NamedSecrets) && traits.MayHoldEncodedKey)
        {
            _found.SortFrom(first);
            EncodedReader.Read(piece, from, first, _kinds, _found);
        }

        if (Has(DetectorKinds.VendorTokens) && traits.MayHoldToken)
        {
            Find<TokenDetector>(piece, from, first);
        }

        if (_shapes is { } shapes)
        {
            Find(piece, from, first, shapes.TryFind);
        }

        if (Has(DetectorKinds.Credentials) && traits.MayHoldCredentials)
        {
            Find<CredentialsDetector>(piece, from, first);
        }
    }

    private void FindShapes(in TextView piece, int from, int first, in TextTraits traits)
    {
        if (Has(DetectorKinds.Emails) && traits.MayHoldEmail)
        {
            Find<EmailDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.Ibans) && traits.MayHoldIban)
        {
            Find<IbanDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.Cards) && traits.MayHoldCard)
        {
            Find<PaymentCardDetector>(piece, from, first);
        }

        if (Has(DetectorKinds.Optional))
        {
            FindOptional(piece, from, first);
        }
    }

    private void FindOptional(in TextView piece, int from, int first)
    {
        FindIf<IpAddressDetector>(DetectorKinds.IpAddresses, piece, from, first);
        FindIf<PassportDetector>(DetectorKinds.Passports, piece, from, first);
        FindIf<NationalIdDetector>(DetectorKinds.NationalIds, piece, from, first);
        FindIf<PhoneDetector>(DetectorKinds.Phones, piece, from, first);
        FindIf<OneTimeCodeDetector>(DetectorKinds.OneTimeCodes, piece, from, first);
    }

    private void FindIf<TDetector>(DetectorKinds kind, in TextView piece, int from, int first)
        where TDetector : IBuiltInDetector
    {
        if (Has(kind))
        {
            Find<TDetector>(piece, from, first);
        }
    }

    private bool Has(DetectorKinds kind) => (_kinds & kind) != DetectorKinds.None;

    /// <summary>Searches the text behind the escapes.</summary>
    private void ReadEscaped(in TextView view, int from, int to, Escapes escapes, int depth, int first)
    {
        _found.SortFrom(first);
        var characters = ArrayPool<char>.Shared.Rent(to - from);
        var places = ArrayPool<int>.Shared.Rent(to - from + 1);
        try
        {
            var count = Unescaper.Read(view, from, to, escapes, characters, places, _found, first);
            Read(new TextView(characters.AsSpan(0, count), places.AsSpan(0, count + 1)), 0, count, depth + 1);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <summary>
    /// Searches for a shape. What begins in a finding of the same piece is part of that: the host behind a password is no domain of an
    /// e-mail address.
    /// </summary>
    private void Find<TDetector>(in TextView view, int from, int first)
        where TDetector : IBuiltInDetector => Find(view, from, first, TDetector.TryFind);

    private void Find(in TextView view, int from, int first, Finder find)
    {
        var (last, next) = (_found.Count, first);
        var isSorted = false;
        while (find(view.Text, from, out var finding))
        {
            if (!isSorted)
            {
                _found.SortFrom(first);
                isSorted = true;
            }

            var (start, end) = (view.PlaceOf(finding.Start), view.PlaceOf(finding.Start + finding.Length));
            if (_found.EndAround(ref next, last, start) is >= 0 and var around)
            {
                from = Math.Max(finding.Start + 1, view.IndexOf(around));
                continue;
            }

            _found.Add(start, end, finding.Marker);
            from = finding.Start + finding.Length;
        }
    }

    private delegate bool Finder(ReadOnlySpan<char> text, int from, out Finding finding);
}
