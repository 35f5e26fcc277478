namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Arguments of command lines: what goes, what stays beside it, and what looks like it.</summary>
public sealed class ArgumentReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("mysql -h db1 -u root -phunter2Xy shop", "mysql -h db1 -u root -p[secret] shop")]
    [InlineData("mysqldump -uroot -phunter2Xy shop > d.sql", "mysqldump -uroot -p[secret] shop > d.sql")]
    [InlineData("sshpass -p hunter2Xy ssh deploy@10.0.0.1", "sshpass -p [secret] ssh deploy@10.0.0.1")]
    [InlineData("redis-cli -h c -a hunter2Xy info", "redis-cli -h c -a [secret] info")]
    [InlineData("sqlcmd -S s -U sa -P hunter2Xy -Q \"SELECT 1\"", "sqlcmd -S s -U sa -P [secret] -Q \"SELECT 1\"")]
    [InlineData("curl -u \"api:hunter2Xy\" https://a.test", "curl -u \"api:[secret]\" https://a.test")]
    [InlineData("docker login -u ci -p hunter2Xy reg.test", "docker login -u ci -p [secret] reg.test")]
    [InlineData("tool --password hunter2Xy --port 7", "tool --password [secret] --port 7")]
    [InlineData("tool --db-password \"hunter2 Xy\" --port 7", "tool --db-password \"[secret]\" --port 7")]
    [InlineData("tool -Password hunter2Xy -Port 7", "tool -Password [secret] -Port 7")]
    [InlineData(
        "az keyvault secret set --name SmtpPassword --value hunter2Xy",
        "az keyvault secret set --name SmtpPassword --value [secret]")]
    [InlineData("ConvertTo-SecureString \"hunter2Xy\" -AsPlainText", "ConvertTo-SecureString \"[secret]\" -AsPlainText")]
    [InlineData("dotnet user-secrets set \"Smtp:Password\" \"hunter2Xy\"", "dotnet user-secrets set \"Smtp:Password\" \"[secret]\"")]
    [InlineData("wget --password=hunter2Xy -q https://a.test", "wget --password=[secret] -q https://a.test")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("docker run -p 5432:5432 postgres:16")]
    [InlineData("mkdir -p /var/lib/app")]
    [InlineData("curl -u username:token https://a.test")]
    [InlineData("wrote /tmp/reset-password-mail-81.eml (4 KB)")]
    [InlineData("tool --token-file /run/token --port 7")]
    [InlineData("ssh -p 2222 host1")]
    [InlineData("tool --password-stdin < f")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}
