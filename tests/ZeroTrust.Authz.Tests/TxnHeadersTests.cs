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

    [Theory]
    [InlineData(2, 1, 1, "Txn-Token: 2 values, wanted is one.")]
    [InlineData(1, 3, 1, "Txn-Chain: 3 values, wanted is one.")]
    [InlineData(1, 1, 2, "Txn-Certs: 2 values, wanted is one.")]
    [InlineData(0, 1, 2, "Txn-Certs: 2 values, wanted is one.")]
    public void The_header_with_several_values_is_named_and_so_is_what_separates(int token, int chain, int certs, string named)
    {
        var refused = TxnHeaders.FromValues(Values(token), Values(chain), Values(certs));

        AuthzAssert.Refused(AuthzRejectionReason.HeaderDuplicated, refused);
        Assert.StartsWith(named, refused.Rejection!.Detail, StringComparison.Ordinal);
        Assert.Contains(
            "so is one with a comma in it; links and certificates are joined by ~.", refused.Rejection.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Rejection.Detail, StringComparison.Ordinal);

        static string[] Values(int count) => [.. Enumerable.Repeat("secret", count)];
    }

    [Fact]
    public void A_part_that_lacks_is_named()
    {
        Named(AuthzRejectionReason.TokenMalformed, "Txn-Token: it is missing", TxnHeaders.FromValues([], ["b"], ["c"]));
        Named(AuthzRejectionReason.ChainMissing, "Txn-Chain: it is missing", TxnHeaders.FromValues(["a"], [], ["c"]));
        Named(AuthzRejectionReason.CertificatesMalformed, "Txn-Certs: it is missing", TxnHeaders.FromValues(["a"], ["b"], []));

        static void Named(AuthzRejectionReason reason, string named, Verdict<TxnHeaders> refused)
        {
            AuthzAssert.Refused(reason, refused);
            Assert.StartsWith(named, refused.Rejection!.Detail, StringComparison.Ordinal);
        }
    }
}
