using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>What is answered is what the certificates show; everything else stays, whatever the platform may come to object to.</summary>
public sealed class PlatformReadingsTests
{
    private static readonly ForgedCertificate Root = CertificateForge.Ca("Root").SelfSigned();
    private static readonly ForgedCertificate Ca = CertificateForge.Ca("CA").IssuedBy(Root);

    [Fact]
    public void A_step_is_ours_where_key_identifiers_disagree_and_nowhere_else()
    {
        Assert.False(Of(CertificateForge.Leaf()).IsStepOurs(0));
        Assert.False(Of(CertificateForge.Leaf()).IsStepOurs(1));
        Assert.False(Of(CertificateForge.Leaf().WithoutKeyIds()).IsStepOurs(0));
        Assert.False(Of(CertificateForge.Leaf().With(new ForgedExtension(Ext.AuthorityKeyIdOid, Der.Sequence(Der.Tlv(0xA1, Gn.Dns("a.example")))))).IsStepOurs(0));
        Assert.True(Of(CertificateForge.Leaf().With(Ext.AuthorityKeyId([1]))).IsStepOurs(0));
        Assert.False(Of(CertificateForge.Leaf().With(Ext.AuthorityKeyId([1]))).IsStepOurs(1));
    }

    [Fact]
    public void An_end_of_the_chain_is_answered_at_the_step_that_is_ours()
    {
        var readings = Of(CertificateForge.Leaf().With(Ext.AuthorityKeyId([1])));
        var end = new PlatformObjection(0, X509ChainStatusFlags.PartialChain, string.Empty);

        Assert.True(readings.Answers(end, openAt: 0));
        Assert.False(readings.Answers(end, openAt: 1));
        Assert.False(readings.Answers(end, openAt: null));
        Assert.False(readings.Answers(end with { Status = X509ChainStatusFlags.NotSignatureValid }, openAt: 0));
        Assert.False(readings.Answers(end with { Status = X509ChainStatusFlags.UntrustedRoot }, openAt: 0));
    }

    [Theory]
    [InlineData(X509ChainStatusFlags.NoError)]
    [InlineData(X509ChainStatusFlags.Revoked)]
    [InlineData(X509ChainStatusFlags.NotSignatureValid)]
    [InlineData(X509ChainStatusFlags.UntrustedRoot)]
    [InlineData(X509ChainStatusFlags.InvalidExtension)]
    [InlineData(X509ChainStatusFlags.InvalidPolicyConstraints)]
    [InlineData(X509ChainStatusFlags.InvalidBasicConstraints)]
    [InlineData(X509ChainStatusFlags.InvalidNameConstraints)]
    [InlineData(X509ChainStatusFlags.HasNotSupportedNameConstraint)]
    [InlineData(X509ChainStatusFlags.HasNotPermittedNameConstraint)]
    [InlineData(X509ChainStatusFlags.HasExcludedNameConstraint)]
    [InlineData(X509ChainStatusFlags.HasNotSupportedCriticalExtension)]
    [InlineData(X509ChainStatusFlags.NotValidForUsage)]
    [InlineData(X509ChainStatusFlags.HasWeakSignature)]
    [InlineData(X509ChainStatusFlags.ExplicitDistrust)]
    [InlineData(X509ChainStatusFlags.PartialChain)]
    [InlineData(X509ChainStatusFlags.Cyclic)]
    public void Nothing_is_answered_of_a_path_that_shows_no_reason(X509ChainStatusFlags status)
    {
        foreach (int? index in new int?[] { 0, 1, 2, null })
        {
            Assert.False(Of(CertificateForge.Leaf()).Answers(new PlatformObjection(index, status, string.Empty), openAt: null));
        }
    }

    [Fact]
    public void A_usage_is_answered_where_each_certificate_without_the_purpose_holds_any()
    {
        var objection = new PlatformObjection(0, X509ChainStatusFlags.NotValidForUsage, string.Empty);
        var any = Ext.ExtendedKeyUsage(Ext.AnyExtendedKeyUsage);

        Assert.True(Of(CertificateForge.Leaf().With(any)).Answers(objection, openAt: null));
        Assert.False(Of(CertificateForge.Leaf().With(Ext.ExtendedKeyUsage("1.2.3"))).Answers(objection, openAt: null));
        Assert.False(Of(CertificateForge.Leaf().Without(Ext.ExtendedKeyUsageOid)).Answers(objection, openAt: null));
        Assert.False(Of(CertificateForge.Leaf().With(any), purpose: null).Answers(objection, openAt: null));
    }

    [Fact]
    public void The_objection_of_the_chain_as_a_whole_and_one_beyond_the_path_are_told()
    {
        var readings = Of(CertificateForge.Leaf());

        Assert.Equal("Cyclic: around", readings.Spell(new PlatformObjection(null, X509ChainStatusFlags.Cyclic, " around\n")));
        Assert.Equal("Cyclic: around", readings.Spell(new PlatformObjection(9, X509ChainStatusFlags.Cyclic, "around")));
        Assert.StartsWith("Cyclic at 'CN=CA' (SHA-256 ", readings.Spell(new PlatformObjection(1, X509ChainStatusFlags.Cyclic, "around")), StringComparison.Ordinal);
    }

    private static PlatformReadings Of(CertificateForge leaf, string? purpose = KeyPurposes.ServerAuth) =>
        new([leaf.IssuedBy(Ca).Certificate, Ca.Certificate, Root.Certificate], purpose);
}
