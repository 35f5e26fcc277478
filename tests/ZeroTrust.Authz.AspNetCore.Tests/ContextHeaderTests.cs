using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore.Tests;

public sealed class ContextHeaderTests
{
    [Theory]
    [InlineData("Txn-Token", "txn-token")]
    [InlineData("TXN-CHAIN", "txn-chain")]
    [InlineData("txn-certs", "txn-certs")]
    [InlineData("Txn_Token", "txn-token")]
    [InlineData("txn-token-bin", "txn-token")]
    [InlineData("TXN_TOKEN_BIN", "txn-token")]
    [InlineData("X-Tenant-ID", "x-tenant-id")]
    [InlineData("x_tenant_id", "x-tenant-id")]
    [InlineData("X-Tenant_Id", "x-tenant-id")]
    [InlineData("x-tenant-id-bin", "x-tenant-id")]
    [InlineData("X-Subject-ID", "x-subject-id")]
    [InlineData("X-Permissions", "x-permissions")]
    [InlineData("Txn-Anything", "txn-*")]
    [InlineData("Txn-Token-That-Is-Longer-Than-Any-Name-We-Know-Of", "txn-*")]
    public void Every_spelling_of_a_context_header_is_recognised(string name, string canonical) =>
        Assert.Equal(canonical, ContextHeader.Recognise(name));

    [Theory]
    [InlineData("")]
    [InlineData("Host")]
    [InlineData("Txn")]
    [InlineData("TxnToken")]
    [InlineData("Traceparent")]
    [InlineData("X-Tenant")]
    [InlineData("X-Tenant-IDs")]
    [InlineData("X-Request-ID")]
    [InlineData("X-Permissions-That-Are-Longer-Than-Any-Name")]
    public void Other_headers_are_left_alone(string name) => Assert.Null(ContextHeader.Recognise(name));
}
