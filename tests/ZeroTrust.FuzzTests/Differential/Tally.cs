using System.Collections.Concurrent;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>The figures of a run. Thread safe.</summary>
/// <param name="shown">The code of refusals to keep examples of; null for none.</param>
internal sealed class Tally(string? shown = null)
{
    private const string VerificationFailed = "x509.verification_failed";

    private readonly ConcurrentDictionary<string, int> _refusedByUsOnly = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _acceptedByUsOnly = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly ConcurrentQueue<string> _examples = new();
    private int _bothAccept;
    private int _bothRefuse;
    private int _judged;

    public int Judged => _judged;

    public int BothAccept => _bothAccept;

    public int BothRefuse => _bothRefuse;

    /// <summary>What we refuse and the platform accepts, by our code.</summary>
    public IReadOnlyDictionary<string, int> RefusedByUsOnly => _refusedByUsOnly;

    /// <summary>What we accept and the platform refuses, by the rule that explains it.</summary>
    public IReadOnlyDictionary<string, int> AcceptedByUsOnly => _acceptedByUsOnly;

    /// <summary>Chains that must not be: accepted without an explanation, or our validator failed.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>Chains we refuse with the code that was asked for, and the platform accepts.</summary>
    public IReadOnlyCollection<string> Examples => _examples;

    public void Add(int index, Chains.ChainCase chain)
    {
        var ours = OwnJudge.Judge(chain);
        var theirs = PlatformJudge.Judge(chain);
        Interlocked.Increment(ref _judged);
        if (ours.Rejection?.Code == VerificationFailed)
        {
            _findings.Enqueue($"chain {index}: our validator failed: {ours.Rejection.Detail}{Environment.NewLine}{chain}");
        }

        switch (ours.IsAccepted, theirs.IsAccepted)
        {
            case (true, true):
                Interlocked.Increment(ref _bothAccept);
                break;
            case (false, false):
                Interlocked.Increment(ref _bothRefuse);
                break;
            case (false, true):
                _refusedByUsOnly.AddOrUpdate(ours.Rejection!.Code, 1, static (_, count) => count + 1);
                if (ours.Rejection.Code == shown)
                {
                    _examples.Enqueue($"chain {index}: {ours.Rejection.Detail} {ours.Rejection.Presented}{Environment.NewLine}{chain}");
                }

                break;
            default:
                Explain(index, new Disagreement(chain, ours.Value!, theirs));
                break;
        }
    }

    private void Explain(int index, Disagreement found)
    {
        var rule = DisagreementRules.Explain(found);
        _acceptedByUsOnly.AddOrUpdate(rule, 1, static (_, count) => count + 1);
        if (rule == DisagreementRules.Unexplained)
        {
            _findings.Enqueue($"chain {index}: we accept, the platform refuses, and no rule explains it{Environment.NewLine}{found}");
        }
    }
}
