using System.Globalization;
using System.Text;

namespace ZeroTrust.Tool;

/// <summary>What the commands know of the outside: where they write to and read from, and the time.</summary>
internal sealed class ToolConsole(TextWriter output, TextWriter error, Func<Stream> openInput, TimeProvider time, Action<string> enterFolder)
{
    public TextWriter Output => output;

    public TextWriter Error => error;

    public TimeProvider Time => time;

    public static ToolConsole OfThisProcess() => new(
        Console.Out, Console.Error, Console.OpenStandardInput, TimeProvider.System, folder => Environment.CurrentDirectory = folder);

    public Stream OpenInput() => openInput();

    /// <summary>Goes to where a service is started, so that relative paths of its settings mean what they mean to it.</summary>
    public void EnterFolder(string folder) => enterFolder(folder);

    public void WriteLine(string line = "") => output.WriteLine(Printable(line));

    /// <summary>
    /// Names out of a certificate are its maker's words: what would steer a terminal, or turn a line around, is spelled out.
    /// </summary>
    private static string Printable(string text)
    {
        if (text.All(IsPrintable))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            _ = IsPrintable(letter) ? printable.Append(letter) : printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
        }

        return printable.ToString();
    }

    private static bool IsPrintable(char letter) => char.GetUnicodeCategory(letter)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
