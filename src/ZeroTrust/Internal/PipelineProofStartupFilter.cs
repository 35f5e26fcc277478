using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ZeroTrust.Internal;

/// <summary>Stops the host before it listens when the pipeline was never protected.</summary>
internal sealed class PipelineProofStartupFilter : IStartupFilter
{
    public const string Mark = "ZeroTrust.UseZeroTrust";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!app.Properties.ContainsKey(Mark))
        {
            throw new InvalidOperationException("AddZeroTrustDefaults() was called and UseZeroTrust() was not: nothing would be checked.");
        }
    };
}
