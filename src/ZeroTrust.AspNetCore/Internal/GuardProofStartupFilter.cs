using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Stops the host before it listens when its pipeline does not begin with the guard.</summary>
internal sealed class GuardProofStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        if (!app.Properties.ContainsKey(GuardedApplicationBuilderFactory.Mark))
        {
            throw new InvalidOperationException(
                "The pipeline does not begin with the guard of responses: another IApplicationBuilderFactory made it. Add middleware with an IStartupFilter instead.");
        }
    };
}
