using System.Data.Common;
using System.Text.Json;
using System.Xml.Linq;

namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Every printable character of ASCII at the beginning, in the middle and at the end of a password, in each syntax as its own library writes it.</summary>
public sealed class PasswordMatrixTests
{
    private const string Left = "ab12";
    private const string Right = "cdEF99";

    private static readonly string[] Neighbours = ["pg", "app"];
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    private static readonly Dictionary<string, Func<string, string>> Syntaxes = new(StringComparer.Ordinal)
    {
        ["ADO.NET"] = static password => new DbConnectionStringBuilder { ["Host"] = "pg", ["Password"] = password, ["Username"] = "app" }.ConnectionString,
        ["ODBC"] = static password => new DbConnectionStringBuilder(useOdbcRules: true) { ["Driver"] = "FreeTDS", ["Pwd"] = password, ["Uid"] = "app" }.ConnectionString,
        ["libpq"] = static password => $"host=pg password='{Escaped(password, "'")}' user=app",
        ["JSON"] = static password => JsonSerializer.Serialize(new { host = "pg", password, user = "app" }),
        ["JSON in JSON"] = static password => JsonSerializer.Serialize(new { body = JsonSerializer.Serialize(new { host = "pg", password, user = "app" }), status = 401 }),
        ["form"] = static password => new FormUrlEncodedContent([new("host", "pg"), new("password", password), new("user", "app")]).ReadAsStringAsync().GetAwaiter().GetResult(),
        ["XML element"] = static password => new XElement("login", new XElement("host", "pg"), new XElement("password", password), new XElement("user", "app")).ToString(SaveOptions.DisableFormatting),
        ["XML attribute"] = static password => new XElement("login", new XAttribute("host", "pg"), new XAttribute("password", password), new XAttribute("user", "app")).ToString(),
        ["YAML"] = static password => $"host: pg\npassword: '{password.Replace("'", "''", StringComparison.Ordinal)}'\nuser: app",
        ["environment"] = static password => $"DB_HOST=pg\nDB_PASSWORD=\"{Escaped(password, "\"$`")}\"\nDB_USER=app",
        ["URL"] = static password => $"connect postgres://svc:{Uri.EscapeDataString(password)}@pg:5432/orders failed",
        ["log pairs"] = static password => $"connect user=app password={password} host=pg",
    };

    /// <summary>What a syntax cannot carry: the parser of a log could not tell either where such a value ends.</summary>
    private static readonly (string Syntax, char Character, int Place)[] NotCarried = [("log pairs", ' ', 0)];

    public static TheoryData<string, int> Cells()
    {
        var cells = new TheoryData<string, int>();
        foreach (var syntax in Syntaxes.Keys)
        {
            for (var place = 0; place < 3; place++)
            {
                cells.Add(syntax, place);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Nothing_of_a_password_remains_and_its_neighbours_do(string syntax, int place)
    {
        List<string> wrong = [];
        foreach (var character in Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code))
        {
            if (NotCarried.Contains((syntax, character, place)))
            {
                continue;
            }

            var password = place switch { 0 => character + Left + Right, 1 => Left + character + Right, _ => Left + Right + character };
            var text = Syntaxes[syntax](password);
            var redacted = Policy.RedactText(text);
            if (redacted.Contains(Left, StringComparison.Ordinal) || redacted.Contains(Right, StringComparison.Ordinal)
                || Neighbours.Any(neighbour => text.Contains(neighbour, StringComparison.Ordinal) && !redacted.Contains(neighbour, StringComparison.Ordinal)))
            {
                wrong.Add($"{text} -> {redacted}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string Escaped(string password, string special) =>
        string.Concat(password.Select(character => character == '\\' || special.Contains(character, StringComparison.Ordinal) ? $"\\{character}" : character.ToString()));
}
