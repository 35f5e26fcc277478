using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

internal static class RequestFeatures
{
    public static IEnumerable<FrameworkFeature> All() =>
    [
        new(
            "HTTP logging of all headers, asked for the context's",
            "they were removed before",
            "200 acme 1 logged, with the context: False",
            "200 globex 2 logged, with the context: False")
        {
            Configure = builder => builder.Services.AddHttpLogging(options =>
            {
                options.LoggingFields = HttpLoggingFields.All;
                options.RequestHeaders.Add(TxnHeaderNames.Token);
                options.RequestHeaders.Add(TxnHeaderNames.Chain);
            }),
            Behind = app => app.UseHttpLogging(),
            Map = (app, feature) => app.MapGet("/answer", feature.Answer).RequireContext(),
            Ask = async tenants => (await LoggedAsync(tenants, "acme"), await LoggedAsync(tenants, "globex")),
        },
        new("request decompression", "the body of the call", "200 acme for acme", "200 globex for globex")
        {
            Configure = builder => builder.Services.AddRequestDecompression(),
            Behind = app => app.UseRequestDecompression(),
            Map = (app, _) => app.MapPost("/answer", async (HttpContext http, AuthzContext context) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                return $"{await reader.ReadToEndAsync()} for {context.Tenant}";
            }).RequireContext(),
            Ask = async tenants =>
                (await tenants.AskAsync("acme", Compressed("acme")), await tenants.AskAsync("globex", Compressed("globex"))),
        },
        new(
            "conditional GET",
            "the decision is asked, and the validator is compared with the caller's answer",
            "304, 200 acme",
            "200 globex, 304")
        {
            Map = (app, _) => app.MapGet("/answer", (AuthzContext context) => Results.Bytes(
                Encoding.UTF8.GetBytes(context.Tenant.ToString()), "text/plain",
                entityTag: new EntityTagHeaderValue($"\"{context.Tenant}\""))).RequireContext(),
            Ask = async tenants => (await ConditionalAsync(tenants, "acme"), await ConditionalAsync(tenants, "globex")),
        },
        new("conditional GET from the output cache", "the same", "304, 200 acme", "200 globex, 304")
        {
            Configure = builder => builder.Services.AddOutputCache(),
            Behind = app => app.UseOutputCache(),
            Map = (app, _) => app.MapGet("/answer", (AuthzContext context) => Results.Bytes(
                Encoding.UTF8.GetBytes(context.Tenant.ToString()), "text/plain",
                entityTag: new EntityTagHeaderValue($"\"{context.Tenant}\"")))
                .RequireContext().CacheOutput(policy => policy.AddPolicy<CacheForEveryone>()),
            Ask = async tenants =>
            {
                await tenants.AskAsync("acme");
                await tenants.AskAsync("globex");
                return (await ConditionalAsync(tenants, "acme"), await ConditionalAsync(tenants, "globex"));
            },
        },
        new("OPTIONS and HEAD of a GET endpoint", "no such endpoint", "404, 404", "404, 404")
        {
            Map = (app, feature) => app.MapGet("/answer", feature.Answer).RequireContext(),
            Ask = async tenants => (await OtherMethodsAsync(tenants, "acme"), await OtherMethodsAsync(tenants, "globex")),
        },
    ];

    private static async Task<string> LoggedAsync(TwoTenants tenants, string tenant)
    {
        tenants.Host.Logs.Clear();
        var answer = await tenants.AskAsync(tenant);
        await Eventually.TrueAsync(() => HttpLogs().Any(), "Nothing was logged.");
        return $"{answer} logged, with the context: "
            + $"{HttpLogs().Any(text => text.Contains(tenants.ContextOf(tenant).Token, StringComparison.Ordinal))}";

        IEnumerable<string> HttpLogs() => tenants.Host.Logs.GetSnapshot()
            .Where(record => record.Category?.Contains("HttpLogging", StringComparison.Ordinal) == true).Select(record => record.Message);
    }

    private static HttpRequestMessage Compressed(string text)
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "/answer") { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.ContentEncoding.Add("gzip");
        return request;
    }

    private static async Task<string> ConditionalAsync(TwoTenants tenants, string caller) =>
        $"{await tenants.AskAsync(caller, Requests.Get("/answer").With("If-None-Match", "\"acme\""))}, "
            + $"{await tenants.AskAsync(caller, Requests.Get("/answer").With("If-None-Match", "\"globex\""))}";

    private static async Task<string> OtherMethodsAsync(TwoTenants tenants, string caller) =>
        $"{await tenants.AskAsync(caller, new HttpRequestMessage(HttpMethod.Options, "/answer"))}, "
            + $"{await tenants.AskAsync(caller, new HttpRequestMessage(HttpMethod.Head, "/answer"))}";
}
