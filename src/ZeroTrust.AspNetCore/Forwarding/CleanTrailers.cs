using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>
/// The trailers of a request without those that carry a client's certificate: a proxy cleans headers and may pass trailers as they are.
/// </summary>
/// <param name="inner">The server's feature.</param>
/// <param name="recognize">Gives the name of a header that is to be taken.</param>
/// <param name="stripped">Called with what was taken.</param>
internal sealed class CleanTrailers(
    IHttpRequestTrailersFeature inner, Func<string, string?> recognize, Action<IReadOnlyList<InboundHeader>> stripped)
    : IHttpRequestTrailersFeature
{
    private IHeaderDictionary? _clean;

    public bool Available => inner.Available;

    public IHeaderDictionary Trailers => _clean ??= Clean();

    private HeaderDictionary Clean()
    {
        var trailers = new HeaderDictionary();
        foreach (var (name, values) in inner.Trailers)
        {
            trailers[name] = values;
        }

        var taken = InboundHeaders.Take(trailers, recognize);
        if (taken.Count > 0)
        {
            stripped(taken);
        }

        return trailers;
    }
}
