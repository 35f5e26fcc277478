using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore;

/// <summary>Takes headers out of requests, so that nothing later reads what only the taker may.</summary>
public static class InboundHeaders
{
    /// <summary>Takes every header that is recognised.</summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="recognize">Gives the name a header is known by, whatever its spelling; null leaves the header where it is.</param>
    /// <returns>What was taken, in the order of the request; empty, without allocation, when nothing was.</returns>
    public static IReadOnlyList<InboundHeader> Take(IHeaderDictionary headers, Func<string, string?> recognize)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(recognize);
        List<string>? presented = null;
        foreach (var (name, _) in headers)
        {
            if (recognize(name) is not null)
            {
                (presented ??= []).Add(name);
            }
        }

        return presented is null ? [] : presented.ConvertAll(name => Take(headers, name, recognize(name)!));
    }

    private static InboundHeader Take(IHeaderDictionary headers, string presented, string name)
    {
        var values = headers[presented];
        headers.Remove(presented);
        return new InboundHeader(name, presented, values);
    }
}
