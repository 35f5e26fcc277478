using Microsoft.AspNetCore.Diagnostics;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Answers a refusal that the developer exception page catches before the listener guard can.</summary>
internal sealed class RefusalExceptionPageFilter(RejectionHandler rejections) : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        rejections.FindRefusal(errorContext.Exception) is { } rejection
            ? rejections.RefuseAsync(errorContext.HttpContext, rejection)
            : next(errorContext);
}
