using System.Text;

namespace ZeroTrust.Jose.Tests;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(""" { "a" : 1 , "b" : [ "x" ] } """)]
    [InlineData("""{"a":{"tenant":1},"b":{"tenant":2}}""")]
    [InlineData("""{"a":"\ud83d\ude00"}""")]
    public void One_object_is_accepted(string json) => JoseAssert.Accepted(StrictJson.ParseObject(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("\ufeff{}")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":NaN}""")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1/* */}""")]
    [InlineData("""{'a':1}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":["\udc00"]}""")]
    public void Anything_else_is_refused(string json) =>
        JoseAssert.Refused(JoseRejectionReason.JsonInvalid, StrictJson.ParseObject(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Malformed_utf8_is_refused() =>
        JoseAssert.Refused(JoseRejectionReason.JsonInvalid, StrictJson.ParseObject("""{"a":"?"}"""u8.ToArray().Select(b => b == '?' ? (byte)0xFF : b).ToArray()));

    [Theory]
    [InlineData("""{"tenant":"a","tenant":"b"}""")]
    [InlineData("""{"tenant":"a","\u0074enant":"b"}""")]
    [InlineData("""{"x":{"tenant":"a","tenant":"b"}}""")]
    [InlineData("""{"x":[{"tenant":"a","tenant":"b"}]}""")]
    public void A_member_named_twice_is_refused_at_any_depth_and_in_any_spelling(string json) =>
        JoseAssert.Refused(JoseRejectionReason.DuplicateMember, StrictJson.ParseObject(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_depth_limit_is_exact()
    {
        JoseAssert.Accepted(StrictJson.ParseObject("""{"a":{"b":1}}"""u8.ToArray(), maxDepth: 2));
        JoseAssert.Refused(JoseRejectionReason.JsonInvalid, StrictJson.ParseObject("""{"a":{"b":{}}}"""u8.ToArray(), maxDepth: 2));
    }
}
