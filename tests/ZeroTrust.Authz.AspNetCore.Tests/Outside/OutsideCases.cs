using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.Authz.AspNetCore.Tests.Outside;

/// <summary>What a program can put before the pipeline to answer past it, by every feature of the server that begins a response.</summary>
internal sealed class OutsideCases : IDisposable
{
    public const string Canary = "undecided-answer";

    private static readonly byte[] Bytes = Encoding.ASCII.GetBytes(Canary);

    private readonly FileInfo _file = new(Path.GetTempFileName());

    public OutsideCases() => File.WriteAllText(_file.FullName, Canary);

    public IEnumerable<OutsideCase> All() => [.. Answers(), .. Rewrites(), .. Preflights()];

    public void Dispose() => _file.Delete();

    private IEnumerable<OutsideCase> Answers() =>
    [
        Answer("body", context => context.Response.WriteAsync(Canary)),
        Answer("start of the response", async context =>
        {
            context.Response.Headers["X-Canary"] = Canary;
            await context.Response.StartAsync();
        }),
        Answer("completed response", async context =>
        {
            context.Response.Headers["X-Canary"] = Canary;
            await context.Response.CompleteAsync();
        }),
        Answer("header and nothing else", context =>
        {
            context.Response.Headers["X-Canary"] = Canary;
            return Task.CompletedTask;
        }),
        Answer("pipe", async context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            await context.Response.BodyWriter.FlushAsync();
        }),
        Answer("pipe that is not flushed", context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            return Task.CompletedTask;
        }),
        Answer("pipe and an exception", context =>
        {
            context.Response.BodyWriter.Write(Bytes);
            throw new InvalidTimeZoneException("boom");
        }),
        Answer("pipe that was asked for by the server's own interface", context =>
        {
            ((IHttpResponseBodyFeature)context.Features).Writer.Write(Bytes);
            return Task.CompletedTask;
        }),
        Answer("file", context => context.Response.SendFileAsync(_file.FullName)),
        Answer("trailers", async context =>
        {
            if (context.Response.SupportsTrailers())
            {
                context.Response.AppendTrailer("X-Canary", Canary);
            }

            await context.Response.WriteAsync(Canary);
        }),
        Answer("exception that is written down", async context =>
        {
            try
            {
                await context.Response.WriteAsync(Canary);
            }
            catch (RejectionException)
            {
                context.Response.Clear();
                await context.Response.WriteAsync(Canary);
            }
        }),
        Answer("response feature of its own", async context =>
        {
            var server = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
            await server.Writer.WriteAsync(Bytes);
        }),
        Answer("response body feature of its own", async context =>
        {
            var server = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(server.Stream));
            await context.Response.WriteAsync(Canary);
        }),
        Answer("upgraded connection", async context =>
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            {
                await using var stream = await upgrade.UpgradeAsync();
                await stream.WriteAsync(Bytes);
            }
        }) with
        {
            AsksToUpgrade = true,
        },
        Answer("head", context =>
        {
            context.Response.Headers["X-Canary"] = Canary;
            return Task.CompletedTask;
        }) with
        {
            Method = HttpMethod.Head,
        },
    ];

    private static IEnumerable<OutsideCase> Rewrites() =>
    [
        Rewrite("status of a refusal", (context, _) =>
        {
            context.Response.StatusCode = 200;
            return Task.CompletedTask;
        }),
        Rewrite("status of a refusal as the response starts", (_, _) => Task.CompletedTask, context => context.Response.OnStarting(() =>
        {
            context.Response.StatusCode = 200;
            return Task.CompletedTask;
        })),
        Rewrite("type of a refusal as the response starts", (_, _) => Task.CompletedTask, context => context.Response.OnStarting(() =>
        {
            context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        })),
        Rewrite("body of a refusal", (_, server) => server.WriteAsync(Bytes).AsTask()),
        Rewrite("body after the refusal", async (context, server) =>
        {
            ((MemoryStream)context.Response.Body).Position = 0;
            await context.Response.Body.CopyToAsync(server);
            await server.WriteAsync(Bytes);
        }),
        Rewrite("cleared and replaced body", async (context, server) =>
        {
            context.Response.Clear();
            context.Response.StatusCode = 404;
            await server.WriteAsync(Bytes);
        }),
        Rewrite("tag of the body", async (context, server) =>
        {
            context.Response.Headers.ETag = "\"1\"";
            context.Response.StatusCode = 304;
            await server.FlushAsync();
        }),
        Rewrite("page for a program in the browser", async (context, server) =>
        {
            if (context.Response.StatusCode >= 400)
            {
                context.Response.StatusCode = 200;
                context.Response.ContentType = "text/html";
                context.Response.ContentLength = Bytes.Length;
                await server.WriteAsync(Bytes);
            }
        }),
        new("bytes that are in the pipe before a refusal", app => app.Use(async (context, next) =>
        {
            context.Response.BodyWriter.Write(Bytes);
            await next(context);
        })),
        new("status code pages", app => app.UseStatusCodePages("text/plain", Canary + " {0}")),
        new("exception handler that swallows", app => app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                context.Response.StatusCode = 200;
            }
            catch (Exception)
            {
                await context.Response.WriteAsync(Canary);
            }

            await context.Response.WriteAsync(Canary);
        })),
        new("single-page fallback", app => app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response.StatusCode >= 400)
            {
                context.Response.Clear();
                await context.Response.WriteAsync(Canary);
            }
        })),
    ];

    private static IEnumerable<OutsideCase> Preflights() =>
    [
        Answer("preflight", context =>
        {
            context.Response.StatusCode = 204;
            context.Response.Headers["X-Canary"] = Canary;
            return Task.CompletedTask;
        }) with
        {
            Method = HttpMethod.Options,
            IsPreflight = true,
        },
        Answer("preflight that allows everything", context =>
        {
            context.Response.StatusCode = 204;
            context.Response.Headers.AccessControlAllowOrigin = Canary;
            return Task.CompletedTask;
        }) with
        {
            Method = HttpMethod.Options,
            IsPreflight = true,
        },
    ];

    private static OutsideCase Answer(string name, RequestDelegate answer) => new(name, app => app.Run(answer));

    /// <summary>Buffers the response, and does something with it and with the server's stream when the pipeline is through.</summary>
    private static OutsideCase Rewrite(string name, Func<HttpContext, Stream, Task> rewrite, Action<HttpContext>? before = null) =>
        new(name, app => app.Use(async (context, next) =>
    {
        var server = context.Response.Body;
        await using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        before?.Invoke(context);
        try
        {
            await next(context);
            await rewrite(context, server);
        }
        finally
        {
            context.Response.Body = server;
        }
    }));
}
