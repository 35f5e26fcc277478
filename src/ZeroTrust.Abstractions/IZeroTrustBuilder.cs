using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust;

/// <summary>What every ZeroTrust package registers itself on.</summary>
public interface IZeroTrustBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }
}
