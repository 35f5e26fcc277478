using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Says of a name in the settings why it is none, and how it is written where that is plain.</summary>
internal static class NameFaults
{
    private const string Dns = "dns:";
    private const string Spiffe = "spiffe://";
    private const string UpperCase = "upper case";
    private const string Wanted = "a SPIFFE ID with a path, or dns:name";

    /// <summary>What is wrong with a text that is no workload id.</summary>
    public static string OfWorkload(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"{(text is null ? "is missing" : "is empty")}; wanted is {Wanted}";
        }

        List<string> faults = [];
        var mended = Step(text, text.Trim(), "spaces around it");
        mended = Step(mended, Lower(mended), UpperCase);
        mended = Step(mended, IsBareName(mended) ? Dns + mended : mended, "no dns: before the name");
        mended = mended.StartsWith(Dns, StringComparison.Ordinal)
            ? Step(mended, WithoutEnd(mended, '.'), "a dot at its end")
            : Step(mended, WithoutEnd(mended, '/'), "a slash at its end");
        return WorkloadId.TryParse(mended, out var workload)
            ? $"not a workload id: it has {string.Join(" and ", faults)}; write '{workload}'"
            : $"not a workload id: {Wanted}";

        string Step(string before, string after, string fault)
        {
            if (after != before)
            {
                faults.Add(fault);
            }

            return after;
        }
    }

    /// <summary>What is wrong with a text that is no trust domain name.</summary>
    public static string OfTrustDomain(string text) => TrustDomain.TryParse(LowerCase(text), out var domain)
        ? $"not a trust domain name: it has {UpperCase}; write '{domain}'"
        : "not a trust domain name";

    // The path of a SPIFFE ID is compared by case: what stands there is another workload, not another spelling.
    private static string Lower(string text)
    {
        if (!text.StartsWith(Spiffe, StringComparison.OrdinalIgnoreCase))
        {
            return LowerCase(text);
        }

        var path = text.IndexOf('/', Spiffe.Length);
        return path < 0 ? LowerCase(text) : LowerCase(text[..path]) + text[path..];
    }

    private static bool IsBareName(string text) => text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal);

    private static string WithoutEnd(string text, char end) => text.EndsWith(end) ? text[..^1] : text;

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "Names of trust domains and workloads are in lower case.")]
    private static string LowerCase(string text) => text.ToLowerInvariant();
}
