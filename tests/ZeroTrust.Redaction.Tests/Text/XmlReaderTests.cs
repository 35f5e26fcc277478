namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Markup within a text: what goes, what stays beside it, and what looks like it.</summary>
public sealed class XmlReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("<password>hunter2Xy</password>", "<password>[secret]</password>")]
    [InlineData("<wsse:Password Type=\"x\">hunter2Xy</wsse:Password>", "<wsse:Password Type=\"x\">[secret]</wsse:Password>")]
    [InlineData("<ns:password>hunter2Xy</ns:password>", "<ns:password>[secret]</ns:password>")]
    [InlineData("<password encrypted=\"false\">hunter2Xy</password>", "<password encrypted=\"false\">[secret]</password>")]
    [InlineData("<password><![CDATA[hunter2Xy]]></password>", "<password><![CDATA[[secret]]]></password>")]
    [InlineData("<password>\n  hunter2Xy\n</password>", "<password>\n  [secret]\n</password>")]
    [InlineData("<add value=\"hunter2Xy\" key=\"DbPassword\"/>", "<add value=\"[secret]\" key=\"DbPassword\"/>")]
    [InlineData("<add key=\"DbPassword\" value=\"hunter2Xy\"/>", "<add key=\"DbPassword\" value=\"[secret]\"/>")]
    [InlineData("<add key='DbPassword' value='hunter2Xy' />", "<add key='DbPassword' value='[secret]' />")]
    [InlineData("&lt;Password&gt;hunter2Xy&lt;/Password&gt;", "&lt;Password&gt;[secret]&lt;/Password&gt;")]
    [InlineData("<login password=\"hunter2Xy\" user=\"bob\"/>", "<login password=\"[secret]\" user=\"bob\"/>")]
    [InlineData("<entry key=\"password\">hunter2Xy</entry>", "<entry key=\"password\">[secret]</entry>")]
    [InlineData(
        "<property><name>db.password</name><value>hunter2Xy</value></property>",
        "<property><name>db.password</name><value>[secret]</value></property>")]
    [InlineData("<key>password</key><string>hunter2Xy</string>", "<key>password</key><string>[secret]</string>")]
    [InlineData(
        "<a><password><value>hunter2Xy</value></password><b>kept</b></a>",
        "<a><password><value>[secret]</value></password><b>kept</b></a>")]
    [InlineData("<note>mail alice@example.com</note>", "<note>mail [email]</note>")]
    [InlineData(
        "<?xml version=\"1.0\"?><!-- cfg --><login><password>hunter2Xy</password></login>",
        "<?xml version=\"1.0\"?><!-- cfg --><login><password>[secret]</password></login>")]
    [InlineData(
        "<connectionStrings><add name=\"x\" connectionString=\"Server=a;Password=hunter2Xy;Encrypt=True\"/></connectionStrings>",
        "<connectionStrings><add name=\"x\" connectionString=\"Server=a;Password=[secret];Encrypt=True\"/></connectionStrings>")]
    [InlineData("answer: <password>hunter2Xy</password> (401)", "answer: <password>[secret]</password> (401)")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("Usage: login <user> <password>")]
    [InlineData("<password/>")]
    [InlineData("<password></password>")]
    [InlineData("<xs:element name=\"password\" type=\"xs:string\"/>")]
    [InlineData("<input type=\"password\" name=\"password\" placeholder=\"Password\"/>")]
    [InlineData("a < b and c > d")]
    [InlineData("List<string> and Dictionary<string, int>")]
    [InlineData("<password>required</password>")]
    [InlineData("<PasswordPolicy minLength=\"12\">strict</PasswordPolicy>")]
    [InlineData("Bob <not an element")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}
