using System.Collections.Frozen;
using System.Text;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Text;
using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction.Internal;

/// <summary>
/// Runs every detector over a text. Clean text comes back as the same reference, without an allocation. What the built-in detectors write is never
/// longer than <see cref="MaxGrowth"/> times the text; the detectors of the application add at most <see cref="CustomDetector.MaxMarker"/>
/// characters for each of their findings.
/// </summary>
internal sealed class TextRedactor
{
    /// <summary>The shortest URL with a user, <c>://u@</c>, grows the most, to <c>://REDACTED:REDACTED@</c>.</summary>
    public const int MaxGrowth = 5;

    /// <summary>A longer text is not read, and goes as a whole: reading takes a time that grows with the length.</summary>
    public const int MaxLength = 1 << 20;

    public const string TooLong = "[too long]";

    /// <summary>The least that is found: <c>/?a</c>.</summary>
    private const int Shortest = 3;
    private const int MaxPasses = 4;

    private readonly CustomDetector[] _custom;
    private readonly DetectorKinds _kinds;
    private readonly TokenIndex? _shapes;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? _allowed;

    private readonly CleanTexts _clean = new();

    /// <summary>One for each processor, so that threads seldom meet; whoever finds none makes another.</summary>
    private readonly TextScanner?[] _spares = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(static _ => new TextScanner())];

    /// <param name="custom">The detectors of the application.</param>
    /// <param name="allowedValues">The findings that stay.</param>
    /// <param name="kinds">The built-in detectors that look.</param>
    /// <param name="shapes">Tokens of the configuration.</param>
    public TextRedactor(IEnumerable<ITextDetector> custom, IEnumerable<string> allowedValues, DetectorKinds kinds = DetectorKinds.Default, TokenIndex? shapes = null)
    {
        _kinds = kinds;
        _shapes = shapes;
        _custom = [.. custom.Select(static detector => new CustomDetector(detector))];
        var allowed = allowedValues.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _allowed = allowed.Count == 0 ? null : allowed.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Redact(string text)
    {
        if (text.Length < Shortest || _clean.Holds(text))
        {
            return text;
        }

        if (text.Length > MaxLength)
        {
            return TooLong;
        }

        var redacted = ScanUntilClean(text);
        if (ReferenceEquals(redacted, text))
        {
            _clean.Add(text);
        }

        return redacted;
    }

    /// <summary>Where two findings met, what is left of the second may be one of its own. A second pass of another provider must not find it.</summary>
    private string ScanUntilClean(string text)
    {
        var redacted = Scan(text);
        for (var pass = 1; pass < MaxPasses && !ReferenceEquals(redacted, text); pass++)
        {
            text = redacted;
            redacted = Scan(text);
        }

        return redacted;
    }

    private string Scan(string text)
    {
        ref var spare = ref _spares[Thread.GetCurrentProcessorId() % _spares.Length];
        var scanner = Interlocked.Exchange(ref spare, null) ?? new TextScanner();
        try
        {
            scanner.Scan(text, _kinds, _shapes);
            text = scanner.Found.IsEmpty ? text : scanner.Found.Apply(text, _allowed);
        }
        finally
        {
            scanner.Clear();
            Volatile.Write(ref spare, scanner);
        }

        foreach (var detector in _custom)
        {
            text = Rewrite(text, detector.TryFind);
        }

        return text;
    }

    private string Rewrite(string text, Find find) => find(text, 0, out var first) ? Rewrite(text, first, find) : text;

    private string Rewrite(string text, Finding finding, Find find)
    {
        StringBuilder? redacted = null;
        var (copied, from) = (0, 0);
        do
        {
            from = finding.Start + finding.Length;
            if (!IsAllowed(text, finding))
            {
                redacted ??= new StringBuilder(text.Length);
                redacted.Append(text, copied, finding.Start - copied).Append(finding.Marker);
                copied = from;
            }
        }
        while (find(text, from, out finding));

        return redacted is null ? text : redacted.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Only the finding itself can be allowed; what stands beside it is judged for itself.</summary>
    private bool IsAllowed(string text, in Finding finding) =>
        _allowed is { } allowed && allowed.Contains(text.AsSpan(finding.Start, finding.Length));

    private delegate bool Find(ReadOnlySpan<char> text, int from, out Finding finding);
}
