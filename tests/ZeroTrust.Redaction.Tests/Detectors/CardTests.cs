using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Detectors;

/// <summary>A right check digit is one number of ten: what else shows a card, and what shows an id.</summary>
public sealed class CardTests
{
    private static readonly TextRedactor Redactor = new([], []);

    [Theory]
    [InlineData("4111 1111 1111 1111", "[card]")]
    [InlineData("4111-1111-1111-1111", "[card]")]
    [InlineData("card 4788.1387.9239.6564 refused", "card [card] refused")]
    [InlineData("number=4885+8400+0481+5297&x=1", "number=[card]&x=1")]
    [InlineData("number=4827%209263%203714%205428", "number=[card]")]
    [InlineData("receipt_5213_0654_7549_2539.pdf", "receipt_[card].pdf")]
    [InlineData("5106/2740/6127/7474", "[card]")]
    [InlineData("5106\u202f2740\u202f6127\u202f7474", "[card]")]
    [InlineData("5106\\u00a02740\\u00a06127\\u00a07474", "[card]")]
    [InlineData("5106\t2740\t6127\t7474", "[card]")]
    [InlineData("AMEX 3440 544959 82938", "AMEX [card]")]
    [InlineData("3605 023175 5250", "[card]")]
    [InlineData("order 12 4111 1111 1111 1111", "order 12 [card]")]
    public void Printed_groups_are_a_card(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("4111.1111.1111.1111.1")]
    [InlineData("4111 1111-1111 1111")]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("seen 4111 1111 11111111")]
    [InlineData("4111  1111  1111  1111")]
    [InlineData("[4, 8, 15, 16, 23, 42] [1234, 5678, 9012, 3456]")]
    public void Other_groups_without_a_word_are_none(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData("4111111111111111", "[card]")]
    [InlineData("refused 4111111111111111", "refused [card]")]
    [InlineData("customer 4111111111111111", "customer [card]")]
    [InlineData("refused 378282246310005", "refused [card]")]
    [InlineData("{\"pan\":4483864105366238,\"amount\":1200}", "{\"pan\":\"[card]\",\"amount\":1200}")]
    [InlineData("card_id=4111111111111111", "card_id=[card]")]
    [InlineData("cc number 6759489466395993932", "cc number [card]")]
    [InlineData("debit 30569309025904", "debit [card]")]
    [InlineData("30569309025904", "[card]")]
    [InlineData("cardNumber: 4222222222222", "cardNumber: [card]")]
    public void Digits_are_a_card_by_length_or_word(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("order_id=4893655453092085")]
    [InlineData("{\"offset\": 4505575753208472}")]
    [InlineData("kafka offset 4505575753208472 committed")]
    [InlineData("gtin 4006639516312 stock 12")]
    [InlineData("tenant_id=5145408188199145")]
    [InlineData("orderId: 4893655453092085")]
    [InlineData("order number 4893655453092085")]
    [InlineData("imei 355907527414343")]
    [InlineData("<traceId>4893655453092085</traceId>")]
    [InlineData("tracking no. 4893655453092085")]
    [InlineData("snowflake 6207730329520350237")]
    [InlineData("seen 6207730329520350237 times")]
    [InlineData("stock 4805597775103 pieces")]
    [InlineData("a4111111111111111")]
    [InlineData("0.4111111111111111")]
    public void Number_of_an_id_or_of_a_rare_length_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData(";4788138792396564=28092010000012345678?", "[card]")]
    [InlineData("57: 5394866024228394D29122011234500000F tag", "57: [card] tag")]
    [InlineData("Track1: %B4051204400933345^VANDERLOO/MIRELA^29121010000000000000? ok", "Track1: [card] ok")]
    [InlineData("a=4111111111111111=x", "a=[card]=x")]
    public void Track_goes_as_a_whole(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));
}
