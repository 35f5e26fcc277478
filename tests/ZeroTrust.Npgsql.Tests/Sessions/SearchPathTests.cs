using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql.Tests.Sessions;

public sealed class SearchPathTests
{
    [Theory]
    [InlineData("\"$user\", public", "\"$user\", \"public\", pg_temp")]
    [InlineData("", "pg_temp")]
    [InlineData("\"\"", "\"\", pg_temp")]
    [InlineData("Sales,PUBLIC", "\"sales\", \"public\", pg_temp")]
    [InlineData("\"Sales\" , \"a,b\"", "\"Sales\", \"a,b\", pg_temp")]
    [InlineData("a\u00a0b, Ä", "\"a\\U000000a0b\", \"\\U000000c4\", pg_temp")]
    [InlineData("\"a\"\"b\", \"\"\"\"", "\"a\"\"b\", \"\"\"\", pg_temp")]
    [InlineData("\"o'x\\y\"", "\"o''x\\\\y\", pg_temp")]
    [InlineData("pg_temp, public", "\"public\", pg_temp")]
    [InlineData("public, pg_temp", "\"public\", pg_temp")]
    [InlineData("PG_Temp, public", "\"public\", pg_temp")]
    [InlineData("\"pg_temp\",public", "\"public\", pg_temp")]
    [InlineData("\t\n\v\f\r pg_temp \r\n, public", "\"public\", pg_temp")]
    [InlineData("pg_temp_3, pg_toast_temp_3, public", "\"public\", pg_temp")]
    [InlineData("\"PG_TEMP\", my_pg_temp", "\"PG_TEMP\", \"my_pg_temp\", pg_temp")]
    public void The_temporary_schema_comes_last_whatever_the_path_says(string path, string pinned) =>
        Assert.Equal($"pg_catalog.set_config('search_path', E'{pinned}', true)", SearchPath.Pin(path));
}
