using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Internal;

/// <summary>A detector of the application, held to its contract.</summary>
internal sealed class CustomDetector
{
    public const int MaxName = 16;
    public const int MaxMarker = MaxName + 2;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly ITextDetector _detector;
    private readonly string _marker;

    /// <exception cref="ArgumentException">Its name is not 1 to 16 lower-case letters, digits and dashes.</exception>
    public CustomDetector(ITextDetector detector)
    {
        var name = detector.Name;
        if (!IsName(name))
        {
            throw new ArgumentException($"{detector.GetType()} is named '{name}'; a detector's name is 1 to {MaxName} lower-case letters, digits and dashes.", nameof(detector));
        }

        _detector = detector;
        _marker = $"[{name}]";
    }

    public static bool IsName(string? name) => name is { Length: > 0 and <= MaxName } && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <exception cref="InvalidOperationException">The detector answered with a part outside the text, which drops the record.</exception>
    public bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        finding = default;
        while (_detector.TryFind(text, from, out var start, out var length))
        {
            if (start < from || length < 1 || length > text.Length - start)
            {
                throw new InvalidOperationException($"{_detector.GetType()} found a part outside the text.");
            }

            finding = new(start, length, _marker);
            if (!IsInMarker(text, start, length))
            {
                return true;
            }

            from = start + length;
        }

        return false;
    }

    /// <summary>What the detector was given to write is not found again, however it looks.</summary>
    private bool IsInMarker(ReadOnlySpan<char> text, int start, int length)
    {
        for (var marker = Math.Max(0, start + length - _marker.Length); marker <= start; marker++)
        {
            if (text[marker..].StartsWith(_marker, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
