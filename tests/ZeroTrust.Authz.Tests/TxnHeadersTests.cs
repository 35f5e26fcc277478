namespace ZeroTrust.Authz.Tests;

public sealed class TxnHeadersTests
{
    [Fact]
    public void One_value_each_is_taken()
    {
        var headers = AuthzAssert.Accepted(TxnHeaders.FromValues(["a"], ["b"], ["c"]));

        Assert.Equal("a b c", $"{headers.Token} {headers.Chain} {headers.Certs}");
    }

    [Fact]
    public void No_value_at_all_is_no_context() =>
        AuthzAssert.Refused(AuthzRejectionReason.ContextMissing, TxnHeaders.FromValues([], [], []));

    [Fact]
    public void A_second_value_is_refused_even_when_it_is_the_same()
    {
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, TxnHeaders.FromValues(["a", "a"], ["b"], ["c"]));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, TxnHeaders.FromValues(["a"], ["b", ""], ["c"]));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, TxnHeaders.FromValues(["a"], ["b"], ["c", "d"]));
        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, TxnHeaders.FromValues([], ["b", "b"], []));
    }

    [Fact]
    public void A_part_that_lacks_is_named()
    {
        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, TxnHeaders.FromValues([], ["b"], ["c"]));
        AuthzAssert.Refused(AuthzRejectionReason.ChainMissing, TxnHeaders.FromValues(["a"], [], ["c"]));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, TxnHeaders.FromValues(["a"], ["b"], []));
    }
}
