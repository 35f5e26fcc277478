using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

/// <summary>What programs get wrong about authorization in ASP.NET Core 10, and a few more things they could.</summary>
internal sealed class NakedCases : IDisposable
{
    public const string Canary = "canary-that-nobody-decided-about";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-naked-");
    private readonly LateEndpoints _late = new();
    private int _runs;

    public NakedCases() => File.WriteAllText(Path.Combine(_folder.FullName, "naked"), Canary);

    public int Runs => Volatile.Read(ref _runs);

    public IEnumerable<NakedCase> All() => [.. Endpoints(), .. Controllers(), .. Middleware(), .. Orders(), .. LateOnes()];

    public void Dispose()
    {
        _late.Dispose();
        _folder.Delete(recursive: true);
    }

    private IEnumerable<NakedCase> Endpoints() =>
    [
        new("minimal GET", app => app.MapGet("/naked", AnswerAsync)),
        new("minimal endpoint of any method", app => app.Map("/naked", AnswerAsync)),
        new("one of three is naked", app =>
        {
            app.MapGet("/decided", AnswerAsync).RequireContext();
            app.MapGet("/naked", AnswerAsync);
            app.MapGet("/peer", AnswerAsync).RequirePeer();
        }),
        new("in a group", app => app.MapGroup("/").MapGet("/naked", AnswerAsync)),
        new("in a nested group beside a decided one", app =>
        {
            var group = app.MapGroup("/");
            group.MapGroup("/decided").RequireContext().MapGet("/", AnswerAsync);
            group.MapGroup("/naked").MapGet("/", AnswerAsync);
        }),
        new("fallback", app => app.MapFallback(AnswerAsync)),
        new("fallback to a pattern", app => app.MapFallback("/{**rest}", AnswerAsync)),
        new("short circuit", app => app.MapGet("/naked", AnswerAsync).ShortCircuit()),
        new("short circuit by prefix", app => app.MapShortCircuit(200, "naked")),
        new("short circuit and anonymous", app => app.MapGet("/naked", AnswerAsync).ShortCircuit().AllowAnonymous()),
        new("any authenticated user", app => app.MapGet("/naked", AnswerAsync).RequireAuthorization()),
        new("a policy of the application", app => app.MapGet("/naked", AnswerAsync).RequireAuthorization(policy => policy.RequireAssertion(_ => true))),
        new("anonymous", app => app.MapGet("/naked", AnswerAsync).AllowAnonymous()),
        new("decided and anonymous", app => app.MapGet("/naked", AnswerAsync).RequireContext().AllowAnonymous()),
        new("a group that is anonymous around a decided endpoint", app => app.MapGroup("/").AllowAnonymous().MapGet("/naked", AnswerAsync).RequireContext()),
        new("requirement data only", app => app.MapGet("/naked", AnswerAsync).WithMetadata(new RequirementOnly())),
        new("requirement data and a short circuit", app => app.MapGet("/naked", AnswerAsync).WithMetadata(new RequirementOnly()).ShortCircuit()),
        new("authorization data of the application", app => app.MapGet("/naked", AnswerAsync).WithMetadata(new AuthorizeAttribute())),
        new("two decisions", app => app.MapGet("/naked", AnswerAsync).AllowPublic("no secret").RequireContext()),
        new("a decision that hides its policy", app => app.MapGet("/naked", AnswerAsync).WithMetadata(new HiddenDecision())),
        new("health checks", app => app.MapHealthChecks("/naked")) { Configure = builder => builder.Services.AddHealthChecks() },
        new("SignalR hub", app => app.MapHub<NakedHub>("/naked")) { Configure = builder => builder.Services.AddSignalR(), Path = "/naked/negotiate" },
        new("static assets", app => app.MapStaticAssets(StaticAssets.WriteManifest(_folder, "naked")))
        {
            Configure = builder => StaticAssets.ServeFrom(_folder, builder),
        },
        new("a data source of its own", app =>
        {
            var source = new LateEndpoints();
            source.Publish("/naked", AnswerAsync);
            ((IEndpointRouteBuilder)app).DataSources.Add(source);
        }),
    ];

    private static IEnumerable<NakedCase> Controllers() =>
    [
        Controller<NakedController>("controller"),
        Controller<AuthorizedController>("controller for any authenticated user"),
        Controller<AnonymousController>("controller that is anonymous"),
        Controller<HalfDecidedController>("controller with one decided action"),
        Controller<TwiceDecidedController>("controller decided as a whole and by action"),
        Controller<NakedController>("controller by conventional route") with
        {
            Map = app => app.MapControllerRoute("naked", "{controller}/{action}", new { controller = "Plain", action = "Get" }),
            Configure = builder => WithController<PlainController>(builder),
            Path = "/Plain/Get",
        },
    ];

    private IEnumerable<NakedCase> Middleware() =>
    [
        Before("terminal middleware", app => app.Run(AnswerAsync)),
        Before("middleware that answers some paths", app => app.Use((context, next) => context.Request.Path == "/naked" ? AnswerAsync(context) : next(context))),
        Before("branch", app => app.Map("/naked", branch => branch.Run(AnswerAsync))),
        Before("branch by condition", app => app.MapWhen(context => context.Request.Path == "/naked", branch => branch.Run(AnswerAsync))),
        Before("branch that should rejoin", app => app.UseWhen(context => context.Request.Path == "/naked", branch => branch.Run(AnswerAsync))),
        Before("static files", app => app.UseStaticFiles(Files())),
        Before("file server", app => app.UseFileServer(new FileServerOptions { FileProvider = Files().FileProvider, StaticFileOptions = { ServeUnknownFileTypes = true } })),
        Before("directory browser", app => app.UseDirectoryBrowser(new DirectoryBrowserOptions { FileProvider = Files().FileProvider })) with
        {
            Configure = builder => builder.Services.AddDirectoryBrowser(),
            Path = "/",
        },
        Before("health middleware", app => app.UseHealthChecks("/naked")) with { Configure = builder => builder.Services.AddHealthChecks() },
        Before("welcome page", app => app.UseWelcomePage("/naked")),
        Before("an answer without a body", app => app.Run(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        })),
        Before("a preflight that is answered with more than the browser asked", app => app.Run(context =>
        {
            context.Request.Method = "OPTIONS";
            context.Request.Headers.Origin = "https://shop.example.test";
            context.Request.Headers.AccessControlRequestMethod = "GET";
            return AnswerAsync(context);
        })),
        new("start-up filter", _ => { })
        {
            StopsTheHost = false,
            MayRun = true,
            Configure = builder => builder.Services.AddSingleton<IStartupFilter>(new TerminalFilter(AnswerAsync)),
        },
        new("middleware at the end of the pipeline", app => app.Run(AnswerAsync)) { StopsTheHost = false },
    ];

    private IEnumerable<NakedCase> Orders() =>
    [
        new("terminal middleware before routing", _ => { })
        {
            StopsTheHost = false,
            MayRun = true,
            Pipeline = app =>
            {
                app.UseListenerGuard().UseContextHeaderStripping();
                app.Run(AnswerAsync);
                app.UseAuthzContext();
            },
        },
        new("terminal middleware between routing and authorization", app => app.MapGet("/naked", AnswerAsync).RequireContext())
        {
            StopsTheHost = false,
            MayRun = true,
            Pipeline = app =>
            {
                app.UseListenerGuard().UseContextHeaderStripping().UseRouting().UseAuthzContext();
                app.Use((HttpContext context, RequestDelegate _) => AnswerAsync(context));
                app.UseAuthorization();
            },
        },
        new("authorization forgotten", app => app.MapGet("/naked", AnswerAsync).RequireContext())
        {
            StopsTheHost = false,
            Pipeline = app => app.UseListenerGuard().UseContextHeaderStripping().UseRouting().UseAuthzContext().UseEndpoints(_ => { }),
        },
        new("endpoints before authorization", app => app.MapGet("/naked", AnswerAsync).RequireContext())
        {
            StopsTheHost = false,
            Pipeline = app => app.UseListenerGuard().UseContextHeaderStripping().UseRouting().UseAuthzContext().UseEndpoints(_ => { }).UseAuthorization(),
        },
        new("an endpoint exchanged after the decision", app =>
        {
            app.MapGet("/naked", AnswerAsync).AllowPublic("no secret");
            app.Use((context, next) =>
            {
                context.SetEndpoint(new Endpoint(AnswerAsync, EndpointMetadataCollection.Empty, "exchanged"));
                return next(context);
            });
        })
        {
            StopsTheHost = false,
            MayRun = true,
        },
    ];

    private IEnumerable<NakedCase> LateOnes() =>
    [
        Late("late"),
        Late("late short circuit", ShortCircuit()),
        Late("late short circuit, anonymous", [.. ShortCircuit(), new AllowAnonymousAttribute()]),
        Late("late short circuit with requirement data only", [.. ShortCircuit(), new RequirementOnly()]),
        Late("late, anonymous", new AllowAnonymousAttribute()),
        Late("late, requirement data only", new RequirementOnly()),
        Late("late, any authenticated user", new AuthorizeAttribute()),
        Late("late, two decisions", new RequireContextAttribute(), new AllowPublicAttribute("no secret")),
        Late("late, decided and anonymous", new AllowPublicAttribute("no secret"), new AllowAnonymousAttribute()),
    ];

    // The framework's own metadata of a short circuit is not public; an endpoint it made carries it.
    public static object[] ShortCircuit()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var app = builder.Build();
        app.MapGet("/", () => string.Empty).ShortCircuit();
        return [.. ((IEndpointRouteBuilder)app).DataSources.Single().Endpoints.Single().Metadata.Where(item => item.GetType().Name.Contains("ShortCircuit", StringComparison.Ordinal))];
    }

    private static NakedCase Controller<TController>(string name) => new(name, app => app.MapControllers()) { Configure = WithController<TController> };

    public static void WithController<TController>(WebApplicationBuilder builder) =>
        builder.Services.AddControllers().ConfigureApplicationPartManager(manager =>
        {
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new OnePart(typeof(TController)));
            manager.FeatureProviders.Clear();
            manager.FeatureProviders.Add(new OneController());
        });

    private static NakedCase Before(string name, Action<WebApplication> answer) => new(name + " before the pipeline", _ => { })
    {
        StopsTheHost = false,
        MayRun = true,
        Pipeline = app =>
        {
            answer(app);
            MeshHost.UsePackages(app);
        },
    };

    private NakedCase Late(string name, params object[] metadata) => new(name, app => ((IEndpointRouteBuilder)app).DataSources.Add(_late))
    {
        StopsTheHost = false,
        Late = () => _late.Publish("/naked", AnswerAsync, metadata),
    };

    private StaticFileOptions Files() => new() { FileProvider = new PhysicalFileProvider(_folder.FullName), ServeUnknownFileTypes = true };

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _runs);
        return context.Response.WriteAsync(Canary, CancellationToken.None);
    }

    private sealed class TerminalFilter(RequestDelegate answer) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Run(answer);
            next(app);
        };
    }
}
