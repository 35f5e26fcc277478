using FsCheck;
using FsCheck.Fluent;

namespace ZeroTrust.Redaction.Tests.Properties;

/// <summary>Texts put together from what detectors look for, halves of it, and characters of any kind, lone surrogates with them.</summary>
public static class HostileText
{
    private static readonly string[] Baits =
    [
        "@", "%40", "a@example.com", "\"a b\"@x.yz", "eyJ", "eyJhbGciOiJFUzI1NiJ9", ".eyJzdWIiOiJhIn0.", "ZXlKaGJHY2lPaUo", "4111 1111 1111 1111", "4111-", "1", "DE89370400440532013000", "DE89 3704 ",
        "://", "https://u:p@h/", "?", "#", "/a?b", "password", "password=", "\"token\": \"", "\\\"", "\\", "'", "\"", "=", ":", ">", "</", "%3D", "cookie:", "authorization: ", "Bearer ", "basic ", "YTpi",
        "0123456789abcdef", "-----BEGIN ", "PRIVATE KEY", "-----", "-----END ", "PuTTY-User-Key-File-", "ghp_", "hf_", "AKIA", "AKC", "fm2_", "xoxb-", "Q~", ":AA", "-us", "|", ":_authToken=", "//r/", "A3-",
        "LS0tLS1CRUdJTi", "0tLS0tQkVHSU4g", "\"kty\":", "\"d\":\"", "PHNhbW", "Private-Lines:", "v4.local.", "MTk4", "+49", "%20", "\\u00a0", "=28092010000", "^", "%B", "&#64;", "\\u0040", "@x.", " -u ", " --password ", "[email]", "[secret]", "[token:x]", "[", "]", "REDACTED:REDACTED", "*", "xxxxxxxxxx", "abcdefghijklmnop", "ABCDEFGHIJ", "\r\n", " ", "\ud800", "\udc00", "\u00a0", "ü", "語", "\0",
        "SELECT ", "VALUES (", "IN (", "$$", "$a$", "q'[", "--", "/*", "*/", "`", "0x1F", "1.5e-3", "{", "}", ",", "SET k ", "true",
        "{\"", "\":\"", "\",\"", "\"}", "[\"", "\"]", "{\"name\":\"password\",\"value\":\"", "<password>", "</password>", "<a key=\"password\" value=\"", "\"/>", "<![CDATA[", "]]>", "<!--", "-->",
        "&quot;", "&lt;", "&#61;", "\\u0022", "\\n", "%22", "%25", "%20", ";", "&", "Server=a;Password=", "a=b&password=", "mysql -p", "curl -u ", "'password', '", "password A1b2c3d4", "- name: pwd\n  value: ", "[Password, ", "{password,<<\"", "[password] => ", "{Password:a ", "ConvertTo-SecureString \"",
    ];

    public static Arbitrary<string> Text() => Arb.From(
        Gen.Elements(Baits).Or(ArbMap.Default.GeneratorFor<string>().Select(static text => text ?? "")).ListOf().Select(static parts => string.Concat(parts)));

    /// <summary>The baits, each many times in a row.</summary>
    public static TheoryData<string> Repeated() => [.. Baits];
}
