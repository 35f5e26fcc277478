using System.Globalization;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>The answers of both, side by side.</summary>
internal sealed class AgreementTable
{
    private readonly List<(string Name, string Service, string Tool)> _rows = [];

    /// <param name="peer">Who was presented.</param>
    /// <param name="service">The service's answer; null where there is none, since openssl could not present the peer.</param>
    /// <param name="tool">The tool's answer.</param>
    public void Add(PeerCase peer, string? service, string tool)
    {
        if (service is null)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"not presented by openssl: {peer.Name} ({tool})");
            return;
        }

        _rows.Add((peer.Name, service, tool));
    }

    /// <summary>Tells how often each answer was given, and fails where the two differ.</summary>
    public void Check(int leastCases, int leastCodes)
    {
        var codes = _rows.GroupBy(row => row.Service, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ToList();
        foreach (var group in codes)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Count(),4}  {group.Key}"));
        }

        var differences = _rows.Where(row => row.Service != row.Tool).Select(row => $"{row.Name}: the service {row.Service}, the tool {row.Tool}");
        Assert.Equal(string.Empty, string.Join('\n', differences));
        Assert.InRange(_rows.Count, leastCases, int.MaxValue);
        Assert.InRange(codes.Count, leastCodes, int.MaxValue);
    }
}
