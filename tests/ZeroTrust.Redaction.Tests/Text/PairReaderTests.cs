namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Pairs of every syntax: what goes, what stays beside it, and what looks like it.</summary>
public sealed class PairReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("dbPassword=hunter2Xy", "dbPassword=[secret]")]
    [InlineData("Server=sql1;User ID=app;Password=ab12,cdEF99;Encrypt=True", "Server=sql1;User ID=app;Password=[secret];Encrypt=True")]
    [InlineData("Host=pg;Password=ab12&cdEF99;Username=app", "Host=pg;Password=[secret];Username=app")]
    [InlineData("Host=pg;Password=ab12'cdEF99;Username=app", "Host=pg;Password=[secret];Username=app")]
    [InlineData("Server=sql1;Password=Tr0ub4dor and 3 horses;Encrypt=True", "Server=sql1;Password=[secret];Encrypt=True")]
    [InlineData("Server=sql1;Password=\"a;b\"\"c\";Encrypt=True", "Server=sql1;Password=\"[secret]\";Encrypt=True")]
    [InlineData("Server=sql1;Password='a;b';Encrypt=True", "Server=sql1;Password='[secret]';Encrypt=True")]
    [InlineData("Driver={ODBC};Pwd={a}};b};Uid=app", "Driver={ODBC};Pwd={[secret]};Uid=app")]
    [InlineData("connect user=app password=ab12,cdEF99 host=pg", "connect user=app password=[secret] host=pg")]
    [InlineData("connect user=app password=Tr0ub4dor and 3 horses host=pg", "connect user=app password=[secret] host=pg")]
    [InlineData("cannot open 'Host=pg;Password=ab12;Username=app' now", "cannot open 'Host=pg;Password=[secret];Username=app' now")]
    [InlineData("user=app&password=hunter2Xy&tz=utc", "user=app&password=[secret]&tz=utc")]
    [InlineData("user[name]=app&user[password]=hunter2Xy", "user[name]=app&user[password]=[secret]")]
    [InlineData("passphrase: correct horse battery", "passphrase: [secret]")]
    [InlineData("- name: DB_PASSWORD\n  value: hunter2Xy", "- name: DB_PASSWORD\n  value: [secret]")]
    [InlineData("- value: hunter2Xy\n  name: DB_PASSWORD", "- value: [secret]\n  name: DB_PASSWORD")]
    [InlineData("passwords:\n  - hunter2Xy\n  - other9Zz\nuser: bob", "passwords:\n  - [secret]\n  - [secret]\nuser: bob")]
    [InlineData("DB_USER=app\nDB_PASSWORD=hunter2Xy\nDB_HOST=pg", "DB_USER=app\nDB_PASSWORD=[secret]\nDB_HOST=pg")]
    [InlineData("export DB_PASSWORD=hunter2Xy && run", "export DB_PASSWORD=[secret] && run")]
    [InlineData("{'user': 'bob', 'password': 'hunter2Xy'}", "{'user': 'bob', 'password': '[secret]'}")]
    [InlineData("[('user', 'bob'), ('password', 'hunter2Xy')]", "[('user', 'bob'), ('password', '[secret]')]")]
    [InlineData("User { Name = bob, Password = hunter2Xy, Age = 7 }", "User { Name = bob, Password = [secret], Age = 7 }")]
    [InlineData("User(name=bob, password=hunter2Xy)", "User(name=bob, password=[secret])")]
    [InlineData("map[password:hunter2Xy user:bob]", "map[password:[secret] user:bob]")]
    [InlineData("{Host:db1 Password:hunter2Xy SSLMode:require}", "{Host:db1 Password:[secret] SSLMode:require}")]
    [InlineData("[Password, hunter2Xy], [Port, 587]", "[Password, [secret]], [Port, 587]")]
    [InlineData("{password,<<\"hunter2Xy\">>}", "{password,<<\"[secret]\">>}")]
    [InlineData("[password] => hunter2Xy", "[password] => [secret]")]
    [InlineData("Password: (string) (len=9) \"hunter2Xy\"", "Password: (string) (len=9) \"[secret]\"")]
    [InlineData("s:8:\"password\";s:9:\"hunter2Xy\";", "s:8:\"password\";s:9:\"[secret]\";")]
    [InlineData("secret = \"hunter2Xy\" -> \"other9Zz\"", "secret = \"[secret]\" -> \"[secret]\"")]
    [InlineData("X-Amz-Signature=5d9c114467833b3f847dbfbf0a22b393 rejected", "X-Amz-Signature=[secret] rejected")]
    [InlineData("PHPSESSID=c5yv6vras7z5fpjwayr46kntkr; theme=dark", "PHPSESSID=[secret]; theme=dark")]
    [InlineData("SECRET_KEY_BASE=04d29ece00d50a38989a3558c136bac3", "SECRET_KEY_BASE=[secret]")]
    [InlineData("x-functions-key: 9f86d081884c7d659a2feaa0c55ad015", "x-functions-key: [secret]")]
    [InlineData("Cookie: sid=c5yv6vras7z5fpjwayr46kntkr; theme=dark", "Cookie: [secret]")]
    [InlineData("Authorization: Custom abc def", "Authorization: [secret]")]
    [InlineData("authorization: Basic dXNlcjpodW50ZXIyWHk=, host: nexus", "authorization: Basic [credentials], host: nexus")]
    [InlineData("api key: 9f86d081884c7d659a2feaa0c55ad015", "api key: [secret]")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("Access denied for user 'app'@'10.2.3.4' (using password: YES)")]
    [InlineData("--- PASS: TestOrders/create (0.01s)")]
    [InlineData("pass: 12, fail: 0")]
    [InlineData("password: not set")]
    [InlineData("FluentValidation: -- Password: 'Password' must not be empty.")]
    [InlineData("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf")]
    [InlineData("secret: orders-tls, renewal 2026-12-30")]
    [InlineData("credentials: loaded from /var/run/x")]
    [InlineData("Authorization: required")]
    [InlineData("private_key=/run/tls/tls.key")]
    [InlineData("bearer: AuthenticationScheme")]
    [InlineData("cookie: SameSite=Lax policy applied")]
    [InlineData("cvv: mismatch")]
    [InlineData("ssn: enabled")]
    [InlineData("credential: ManagedIdentityCredential")]
    [InlineData("token: expired at 10:00")]
    [InlineData("string password = 2;")]
    [InlineData("JFROG_SECRET=$(cat /run/secrets/jfrog)")]
    [InlineData("random_password.db: Creation complete after 0s")]
    [InlineData("tokens: 512 of 4096")]
    [InlineData("password=SecretStr('**********')")]
    [InlineData("if (a == b) { }")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}
