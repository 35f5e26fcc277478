using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Puts the guard of responses before everything the application adds.</summary>
internal sealed class ResponseGuardStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<ResponseGuardMiddleware>();
        next(app);
    };
}
