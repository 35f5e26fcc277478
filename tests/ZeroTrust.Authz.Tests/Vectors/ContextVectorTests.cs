namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>The test vectors that other implementations are checked with, checked here: <c>tests/vectors/context-token</c>.</summary>
public sealed class ContextVectorTests
{
    private const string WriteVariable = "ZEROTRUST_WRITE_VECTORS";

    /// <summary>Set <c>ZEROTRUST_WRITE_VECTORS=1</c> to make the files anew, with other keys.</summary>
    [Fact]
    public void Vectors_are_made_anew_where_asked()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(WriteVariable) == "1", $"{WriteVariable}=1 makes the vectors anew.");
        using var pki = new VectorPki();
        VectorFile.Write("world", pki.World());
        foreach (var (rule, cases) in VectorBook.Write(pki).ToList())
        {
            VectorFile.Write(rule, cases);
        }
    }

    [Fact]
    public void Every_vector_gets_its_verdict_and_its_code()
    {
        var world = VectorFile.Read<VectorWorld>("world");
        var receivers = new Dictionary<string, VectorReceiver>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var vector in Cases())
        {
            if (!receivers.TryGetValue(vector.Receiver, out var receiver))
            {
                receivers.Add(vector.Receiver, receiver = new VectorReceiver(world, vector.Receiver));
            }

            var verdict = receiver.Receive(vector);
            if (!IsAsStated(vector, verdict))
            {
                var got = verdict.Rejection?.ToString() ?? "accepted";
                wrong.Add($"{vector.Name}: {vector.Verdict} {vector.Code} {vector.Cause} stated, got {got}");
            }
        }

        foreach (var receiver in receivers.Values)
        {
            receiver.Dispose();
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void There_are_as_many_vectors_as_the_page_says_and_no_name_twice()
    {
        var cases = Cases().ToList();

        var accepted = cases.Count(vector => vector.Verdict == "accepted");
        var codes = cases.Select(vector => vector.Code).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        Assert.Contains(
            $"holds {cases.Count} contexts, {accepted} of which are accepted, with {codes} codes",
            File.ReadAllText(RepositoryFile.PathOf("docs/reference/context-token.md")),
            StringComparison.Ordinal);
        Assert.Equal(cases.Count, cases.Select(vector => vector.Name).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>Every code a receiver answers a context with, but those of outages and those that need its own state.</summary>
    [Fact]
    public void Every_code_of_a_receiver_has_a_vector()
    {
        AuthzRejectionReason[] withVectors =
        [
            .. Enum.GetValues<AuthzRejectionReason>()
                .Where(reason => reason is >= AuthzRejectionReason.ContextMissing and <= AuthzRejectionReason.SenderMismatch),
            AuthzRejectionReason.TokenServiceUnknown,
            AuthzRejectionReason.TokenServiceKeyUnknown,
            AuthzRejectionReason.MintSubjectNotGranted,
        ];
        var codes = Cases().Select(vector => vector.Code).ToHashSet(StringComparer.Ordinal);

        Assert.ProperSuperset(
            withVectors.Select(reason => AuthzRejections.Refuse(reason, string.Empty).Code).ToHashSet(StringComparer.Ordinal), codes!);
    }

    private static IEnumerable<VectorCase> Cases() => VectorFile.Rules.SelectMany(rule => VectorFile.Read<List<VectorCase>>(rule));

    private static bool IsAsStated(VectorCase vector, Verdict<AuthzContext> verdict) => verdict.TryGet(out var context, out var rejection)
        ? vector is { Verdict: "accepted", Context: { } stated } && Says(context, stated)
        : vector.Verdict == "refused"
            && rejection.Code == vector.Code
            && (vector.Cause is null || rejection.Detail.Contains($" {vector.Cause}:", StringComparison.Ordinal));

    private static bool Says(AuthzContext context, VectorContext stated) =>
        context.Tenant.ToString() == stated.Tenant
        && context.Subject.ToString() == stated.Subject
        && context.Permissions.ToString() == string.Join(' ', stated.Permissions)
        && context.TransactionId == stated.TransactionId
        && context.CallChain.Select(workload => workload.ToString()).SequenceEqual(stated.CallChain, StringComparer.Ordinal)
        && context.ExpiresAt.ToUnixTimeSeconds() == stated.ExpiresAt;
}
