using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class PathValidatorTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void An_answer_holds_until_the_first_certificate_ends()
    {
        Assert.Equal(CertificateForge.NotAfter, Trial.Of().ShouldPass().ValidUntil);
        Assert.Equal(Trial.Noon + Day, Trial.Of(ca: Ending).ShouldPass().ValidUntil);
        Assert.Equal(Trial.Noon + Day, Trial.Of(root: Ending).ShouldPass().ValidUntil);

        static void Ending(CertificateForge forge) => forge.Valid(CertificateForge.NotBefore, Trial.Noon + Day);
    }

    [Fact]
    public void Without_CRLs_nothing_passes_where_nothing_else_is_said()
    {
        var rejection = Trial.Of().Asking(_ => new PathPolicy()).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);

        Assert.Equal(RejectionKind.Unavailable, rejection.Kind);
        Trial.Of().Asking(_ => new PathPolicy { Revocation = RevocationMode.SoftFail }).ShouldPass();
    }

    [Fact]
    public void A_denied_leaf_is_refused_whatever_speaks_for_it()
    {
        var trial = Trial.Of();
        var hash = Convert.ToHexString(trial.Leaf.Certificate.Sha256.Span);

        (trial with { Denied = new DenyList(leaves: [hash]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList(leaves: [hash.ToLowerInvariant()]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList(leaves: [new string('0', 64)]) }).ShouldPass();
    }

    [Fact]
    public void A_denied_serial_number_is_refused_wherever_it_stands()
    {
        var trial = Trial.Of();
        var (leaf, ca, root) = (trial.Leaf.Certificate, trial.Intermediates[0].Certificate, trial.Anchors[0].Certificate);

        (trial with { Denied = new DenyList([(ca, leaf.Serial)]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList([(root, ca.Serial)]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList([(root, leaf.Serial)]) }).ShouldPass();
        (trial with { Denied = new DenyList([(ca, new byte[] { 1 })]) }).ShouldPass();
    }

    /// <summary>Tools print serial numbers without the zero that DER puts before a high bit.</summary>
    [Fact]
    public void A_denied_serial_number_may_be_spelled_without_its_leading_zero()
    {
        var trial = Trial.Of(leaf: leaf => leaf.Serial(0x00, 0x9A, 0x01));

        (trial with { Denied = new DenyList([(trial.Intermediates[0].Certificate, new byte[] { 0x9A, 0x01 })]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList([(trial.Intermediates[0].Certificate, new byte[] { 0x00, 0x00, 0x9A, 0x01 })]) }).ShouldRefuse(X509RejectionReason.Denied);
        (trial with { Denied = new DenyList([(trial.Intermediates[0].Certificate, new byte[] { 0x9A, 0x02 })]) }).ShouldPass();
    }

    [Fact]
    public void The_deny_list_holds_where_revocation_is_not_asked()
    {
        var trial = Trial.Of();

        Assert.Equal(RevocationMode.None, trial.Policy.Revocation);
        (trial with { Denied = new DenyList([(trial.Intermediates[0].Certificate, trial.Leaf.Certificate.Serial)]) }).ShouldRefuse(X509RejectionReason.Denied);
    }

    [Fact]
    public void A_defect_of_the_program_is_a_refusal_of_its_own()
    {
        var rejection = Trial.Of().Asking(policy => policy with { Purpose = "no identifier" }).ShouldRefuse(X509RejectionReason.VerificationFailed);

        Assert.Equal(RejectionKind.Unspecified, rejection.Kind);
        Trial.Of(leaf: leaf => leaf.With(Ext.ExtendedKeyUsage("1.2.3"))).Asking(policy => policy with { Purpose = "1.2.3" }).ShouldPass();
    }

    [Fact]
    public void The_peers_faults_are_told_as_the_peers() =>
        Assert.Equal(RejectionKind.Unauthenticated, (Trial.Of() with { Anchors = [] }).ShouldRefuse(X509RejectionReason.UntrustedAnchor).Kind);

    [Fact]
    public void A_missing_argument_is_the_callers_fault()
    {
        var trial = Trial.Of();
        var validator = trial.Validator();

        Assert.Throws<ArgumentNullException>(() => new PathValidator(null!));
        Assert.Throws<ArgumentNullException>(() => validator.Validate(null!, [], trial.Policy, trial.Time));
        Assert.Throws<ArgumentNullException>(() => validator.Validate(trial.Leaf.Certificate, null!, trial.Policy, trial.Time));
        Assert.Throws<ArgumentNullException>(() => validator.Validate(trial.Leaf.Certificate, [], null!, trial.Time));
    }

    [Fact]
    public async Task One_validator_serves_many_at_once()
    {
        var trial = Trial.Of();
        var evil = Trial.Of() with { Anchors = trial.Anchors };
        var validator = trial.Validator();

        await Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, (i, _) =>
        {
            if (i % 2 == 0)
            {
                trial.ShouldPass(validator);
            }
            else
            {
                evil.ShouldRefuse(X509RejectionReason.SignatureInvalid, validator);
            }

            return ValueTask.CompletedTask;
        });
    }
}
