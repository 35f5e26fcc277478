using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.AspNetCore.Internal;

internal sealed class RejectionResult(Rejection rejection) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.RequestServices.GetRequiredService<RejectionHandler>().RefuseAsync(httpContext, rejection);
}
