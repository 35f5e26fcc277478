using System.Globalization;
using ZeroTrust.Jose;

namespace ZeroTrust.ConformanceTests;

/// <summary>What came of one file of JSON Web Signatures.</summary>
internal sealed class JwsResult(string name, IReadOnlyList<JwsCase> cases, IReadOnlyDictionary<string, Deviation> deviations)
{
    private readonly JudgedJws[] _judged = [.. cases.Select(Judge)];

    public string Name => name;

    public int Count => cases.Count;

    public IEnumerable<JudgedJws> Agreeing => _judged.Where(judged => !judged.Deviates);

    public IEnumerable<JudgedJws> FalseAccepts => _judged.Where(judged => judged.Deviates && judged.Outcome.Accepted);

    public IEnumerable<JudgedJws> FalseRejects => _judged.Where(judged => judged.Deviates && !judged.Outcome.Accepted);

    /// <summary>Only a refusal can be explained: there is no reason to accept what its authors call forged.</summary>
    public IEnumerable<JudgedJws> Explained => FalseRejects.Where(judged => deviations.ContainsKey(judged.Test.Id));

    public IEnumerable<JudgedJws> Unexplained => _judged.Where(judged => judged.Deviates).Except(Explained);

    /// <summary>Deviations of the table that do not occur any more.</summary>
    public IEnumerable<JudgedJws> Stale => Agreeing.Where(judged => deviations.ContainsKey(judged.Test.Id));

    public string ReasonFor(JudgedJws judged) => $"{deviations[judged.Test.Id].Reason} ({deviations[judged.Test.Id].Section})";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Count} cases, {Agreeing.Count()} agree, {FalseAccepts.Count()} false accept, {FalseRejects.Count()} false reject, 0 skipped ({Explained.Count()} explained)");

    // As a receiver does: the key is known before the token, and fixes the algorithm.
    private static JudgedJws Judge(JwsCase test)
    {
        try
        {
            var refusal = !StrictJws.Parse(test.Jws).TryGet(out var jws, out var rejection) || !JwsKey.FromJwk(test.Jwk).TryGet(out var key, out rejection)
                ? rejection
                : jws.Verify(key).Rejection;
            return new(test, refusal is null ? new(Accepted: true, "accepted", string.Empty) : Outcome.Of(refusal));
        }
        catch (Exception exception)
        {
            return new(test, new(Accepted: true, Outcome.Threw, exception.ToString()));
        }
    }
}
