using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Internal;

internal sealed class ZeroTrustBuilder(IServiceCollection services) : IZeroTrustBuilder
{
    public IServiceCollection Services { get; } = services;
}
