using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>
/// A service that uses at once what keeps or repeats answers. Each answer begins with the tenant and the subject it was made for.
/// </summary>
internal sealed class SharedService
{
    public const string Secret = "secret of those who may write";

    private int _runs;

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddOutputCache(
            options => options.AddPolicy("everyone", policy => policy.AddPolicy<CacheForEveryone>().Tag("answers")));
        builder.Services.AddResponseCaching();
        builder.Services.AddSignalR();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAntiforgery();
    }

    public static void Use(WebApplication app)
    {
        app.UseExceptionHandler("/failed");
        app.UseStatusCodePagesWithReExecute("/lost");
        app.UseOutputCache();
        app.UseResponseCaching();
        app.UseAntiforgery();
    }

    public void Map(WebApplication app)
    {
        app.MapMethods("/kept/{id}", ["GET", "HEAD"], Answer).RequirePermission("orders:read").CacheOutput("everyone");
        app.MapGet("/kept-by-default/{id}", Answer).RequireContext().CacheOutput();
        app.MapGet("/shared/{id}", (HttpContext http, AuthzContext context) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=3600";
            http.Features.Get<IResponseCachingFeature>()!.VaryByQueryKeys = ["page"];
            return Answer(http, context);
        }).RequireContext();
        app.MapGet("/missing/{id}", (HttpContext http) => http.Response.StatusCode = StatusCodes.Status404NotFound).RequireContext();
        app.MapGet("/failing/{id}", string () => throw new InvalidOperationException("failing")).RequireContext();
        app.MapGet("/gone/{id}", (HttpContext http) => http.Response.StatusCode = StatusCodes.Status410Gone).AllowPublic("nothing there");
        app.MapGet("/lost", Answer).RequireContext().CacheOutput("everyone");
        app.MapGet("/failed", () => Secret).RequirePermission("orders:write").CacheOutput("everyone");
        app.MapGet("/form", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken)
            .RequireContext();
        app.MapPost("/form", ([FromForm] string text, HttpContext http, AuthzContext context) => Answer(http, context)).RequireContext();
        app.MapHub<WhoHub>("/who").RequireContext();
    }

    private string Answer(HttpContext http, AuthzContext context)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"{context.Tenant}/{context.Subject} {Interlocked.Increment(ref _runs)}");
        http.Response.Headers["X-Made-For"] = answer;
        return answer;
    }
}
