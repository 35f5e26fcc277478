using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class QueryLanguageTests
{
    [Theory]
    [InlineData("MATCH (p:Person {name: \"x\", age:41})-[:KNOWS*1..3]->(o) WHERE o.m =~ '(?i)x\\'y' RETURN p.`a b`, $p // z", "MATCH (p:Person {name: ?, age:?})-[:KNOWS*?]->(o) WHERE o.m =~ ? RETURN p.`a b`, $p ?")]
    [InlineData("MERGE (p:Person {name: 'x'}) ON CREATE SET p.b = date('1984-03-03')", "MERGE (p:Person {name: ?}) ON CREATE SET p.b = date(?)")]
    [InlineData("g.V().has(\"person\",\"name\",'x').out().has('age', gt(30)).limit(10)", "g.V().has(?,?,?).out().has(?, gt(?)).limit(?)")]
    [InlineData("g.addV('''it's''').property(\"\"\"a \"b\" c\"\"\", 5)", "g.addV(?).property(?, ?)")]
    [InlineData("Users | where Name has \"x\" and P startswith @\"C:\\\" and S == h\"y\" // z", "Users | where Name has ? and P startswith ? and S == ? ?")]
    [InlineData("T | where a > ago(1h) and b == datetime(2026-01-02) and c == guid(ab12cd34-1e4e-49d9-b579-fe0b331d3642) | project a, b", "T | where a > ago(?) and b == datetime(?) and c == guid(?) | project a, b")]
    [InlineData("datatable(N:string) [\"x\", ```y \" z```]", "datatable(N:string) [?, ?]")]
    [InlineData("topk(5, sessions{customer=~\"x.*\", zone!='y'}) # z", "topk(?, sessions{customer=~?, zone!=?}) ?")]
    [InlineData("up{instance=`x`} offset 5m", "up{instance=?} offset ?")]
    [InlineData("rate(http_requests_total{code=\"200\"}[5m])", "rate(http_requests_total{code=?}[?])")]
    [InlineData("(&(objectClass=person)(uid=x)(!(mail=*))(cn:dn:2.5.13.5:=a\\29b)(n>=5)(m~=*x*))", "(&(objectClass=?)(uid=?)(!(mail=*))(cn:dn:2.5.13.5:=?)(n>=?)(m~=?))")]
    [InlineData("(uid=x)", "(uid=?)")]
    [InlineData("(&(cn=Jan (x) Kim)(a=b)", "(&(cn=?(?) ?)(a=?)")]
    [InlineData("from(bucket: \"b\") |> filter(fn: (r) => r.p == \"x\" and r.u =~ /^x y/)", "from(bucket: ?) |> filter(fn: (r) => r.p == ? and r.u =~ ?)")]
    public void Values_go(string statement, string expected)
    {
        Assert.Equal(expected, Strip(statement));
        Assert.Equal(expected, Strip(expected));
    }

    [Theory]
    [InlineData("logins,user=kim count=1i 1764493200000000000", "logins,user=? count=? ?")]
    [InlineData("m,a=x\\ y,b=z s=\"it's, so\",n=1\nm2 v=2", "m,a=?,b=? s=?,n=?\nm2 v=?")]
    [InlineData("INSERT logins,user=kim count=1", "INSERT ?,user=? count=?")]
    public void Values_of_points_go(string points, string expected)
    {
        Assert.Equal(expected, StatementText.Strip(points, StatementLanguage.Influx, keepsComments: false));
        Assert.Equal(expected, StatementText.Strip(expected, StatementLanguage.Influx, keepsComments: false));
    }

    [Theory]
    [InlineData("put 'users', '51', 'info:mail', \"x\"", "put ?, ?, ?, ?")]
    public void Arguments_of_a_script_go(string statement, string expected) =>
        Assert.Equal(expected, StatementText.Strip(statement, DatabaseSystems.LanguageOf("hbase"), keepsComments: false));

    [Theory]
    [InlineData("FOR u IN users FILTER u.email == \"x\" RETURN u._key")]
    [InlineData("CREATE person:81 CONTENT { name: 'x' }")]
    [InlineData("SELECT ?p WHERE { ?p foaf:mbox <mailto:x> }")]
    [InlineData("select User { name } filter .email = \"x\"")]
    [InlineData("query { customer(email: \"x\") { id } }")]
    [InlineData("SELECT {[Measures].[Sales]} ON 0 FROM [Retail] WHERE ([Customer].[Name].&[Kim])")]
    [InlineData("r.table('users').filter({mail: 'x'})")]
    [InlineData("reporter = \"x\" ORDER BY created")]
    [InlineData("dbo.GetOrders")]
    [InlineData("hunter2")]
    public void Language_that_is_not_known_is_erased(string statement)
    {
        Assert.Equal("[erased]", Strip(statement));
        Assert.Equal("[erased]", Strip("[erased]"));
    }

    private static string Strip(string statement) => StatementText.Strip(statement, StatementLanguage.Unknown, keepsComments: false);
}
