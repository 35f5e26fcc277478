using System.Buffers;

namespace ZeroTrust.Shared;

/// <summary>
/// Tells the content of a file from the text a setting holds, and what a message may repeat. A key or a password that came to stand in the
/// wrong place is in no log.
/// </summary>
internal static class SettingText
{
    private const int MaxRepeated = 64;
    private const int MaxRepeatedPath = 256;
    private const int LeastDer = 60;
    private const string Pem = "-----BEGIN";

    private static readonly string[] Extensions = [".pem", ".crt", ".cer", ".key", ".crl", ".der", ".p12", ".pfx", ".json", ".jwks", ".txt"];
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_");

    /// <summary>What is wrong with a text that is no single line, or with a path that is no path; otherwise null.</summary>
    public static string? FaultOf(SettingShape shape, string text)
    {
        var wanted = shape.Expected.Length == 0 ? "a text on one line" : shape.Expected;
        return shape.Kind switch
        {
            SettingKind.Secret => null,
            _ when IsPem(text) => $"holds the content of a file; {wanted} is wanted",
            SettingKind.File when IsContent(text) => $"holds the content of a file; {wanted} is wanted",
            _ when text.AsSpan().ContainsAny(LineBreaks) => $"holds more than one line; {wanted} is wanted",
            _ => null,
        };
    }

    /// <summary>The value in quotes where it is short and cannot be secret.</summary>
    public static string Quoted(string text) =>
        text.Length <= MaxRepeated && IsHarmless(text) ? $"'{LogText.Fact(text)}'" : "the value";

    /// <summary>The path in quotes where it can be nothing else: a password that came to stand there is not repeated.</summary>
    public static string QuotedPath(string path) =>
        path.Length <= MaxRepeatedPath && IsHarmless(path) && (HasExtension(path) || IsInFolder(path))
            ? $"'{LogText.Detail(path)}'"
            : "the value, which is not repeated";

    // An address may hold a user and a password.
    private static bool IsHarmless(string text) =>
        !IsPem(text) && !IsContent(text) && !text.AsSpan().ContainsAny(LineBreaks) && !text.AsSpan().ContainsAny('{', '@');

    private static bool HasExtension(string path) =>
        Array.Exists(Extensions, extension => path.Length > extension.Length && path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    // A text that begins with a slash is in the root folder, whatever it is.
    private static bool IsInFolder(string path) =>
        Path.GetDirectoryName(path) is { Length: > 0 } folder && folder != Path.GetPathRoot(path) && Directory.Exists(folder);

    private static bool IsPem(string text) => text.Contains(Pem, StringComparison.OrdinalIgnoreCase);

    private static bool IsContent(string text)
    {
        var trimmed = text.AsSpan().Trim().TrimStart('\uFEFF').TrimStart();
        return trimmed is ['{' or '[', ..] || trimmed.ContainsAny(LineBreaks) || trimmed.Contains('\0') || IsDer(trimmed);
    }

    // Keys and certificates in base64 begin with the tag and the length of a sequence.
    private static bool IsDer(ReadOnlySpan<char> text) =>
        text.Length >= LeastDer && text is ['M', 'C' or 'D' or 'E' or 'F' or 'G' or 'H' or 'I', ..] && !text.ContainsAnyExcept(Base64);
}
