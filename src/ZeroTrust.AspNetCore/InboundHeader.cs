using Microsoft.Extensions.Primitives;

namespace ZeroTrust.AspNetCore;

/// <summary>A header that <see cref="InboundHeaders"/> took from a request.</summary>
public sealed class InboundHeader
{
    internal InboundHeader(string name, string presentedName, StringValues values)
    {
        Name = name;
        IsExact = string.Equals(name, presentedName, StringComparison.OrdinalIgnoreCase);
        Values = values;
    }

    /// <summary>The name it was recognised as.</summary>
    public string Name { get; }

    /// <summary>Whether it was sent under that name, in any casing, and not under another spelling of it.</summary>
    public bool IsExact { get; }

    /// <summary>Its values, one for each line.</summary>
    public StringValues Values { get; }
}
