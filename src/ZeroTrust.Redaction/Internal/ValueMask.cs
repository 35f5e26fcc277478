using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Internal;

/// <summary>Hides a value but for what tells little: the last four characters, or the domain of an e-mail address.</summary>
internal static class ValueMask
{
    private const int Shown = 4;
    private const string HiddenLocal = "***";

    public static string Apply(string text)
    {
        if (EmailDetector.TryFind(text, 0, out var email) && email.Length == text.Length && text.LastIndexOf('@') is > 0 and var at)
        {
            return string.Concat(HiddenLocal, text.AsSpan(at));
        }

        var hidden = text.Length > 2 * Shown ? text.Length - Shown : text.Length;

        // Half of a surrogate pair would not be text any more.
        hidden += hidden < text.Length && char.IsLowSurrogate(text[hidden]) ? 1 : 0;
        return string.Concat(new string('*', hidden), text.AsSpan(hidden));
    }
}
