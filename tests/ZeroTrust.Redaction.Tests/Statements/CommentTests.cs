using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class CommentTests
{
    private const string Trace = "traceparent='00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'";

    [Theory]
    [InlineData("SELECT a /* b */ FROM t -- c\nWHERE d = 'x'", "SELECT a /* b */ FROM t -- c\nWHERE d = ?")]
    [InlineData("/* it's */ SELECT 'x'", "/* it's */ SELECT ?")]
    [InlineData("SELECT 1 /* a /* b */ c */ FROM t", "SELECT ? ?")]
    public void Comments_stay_where_they_are_to_and_their_end_is_sure(string statement, string expected) =>
        Assert.Equal(expected, StatementText.Strip(statement, StatementLanguage.OtherSql, keepsComments: true));

    [Theory]
    [InlineData("SELECT a /*" + Trace + "*/", "SELECT a /*" + Trace + "*/")]
    [InlineData("SELECT a /*action='x'," + Trace + ",user='y'*/", "SELECT a /*" + Trace + "*/")]
    [InlineData("SELECT a /*traceparent='kim'*/", "SELECT a ?")]
    [InlineData("SELECT a /*traceparent=4bf92f3577b34da6a3ce929d0e0e4736*/", "SELECT a ?")]
    public void Trace_context_stays_and_nothing_beside_it(string statement, string expected) =>
        Assert.Equal(expected, StatementText.Strip(statement, StatementLanguage.OtherSql, keepsComments: false));

    [Theory]
    [InlineData(true, "SELECT ? /* by [email] */")]
    [InlineData(false, "SELECT ? ?")]
    public void Comments_stay_by_option_but_for_what_detectors_find(bool keepComments, string expected)
    {
        var policy = RedactionPolicy.Create(new RedactionOptions { KeepComments = keepComments });

        Assert.Equal(expected, policy.RedactTag(new("db.query.text", "SELECT 'x' /* by kim@example.com */"), out _).Value);
    }
}
