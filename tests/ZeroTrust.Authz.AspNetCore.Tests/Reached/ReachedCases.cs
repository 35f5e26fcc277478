using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Reached;

/// <summary>
/// The ways of ASP.NET Core 10 to an endpoint that do not lead through the authorization middleware, or through one that was lied to.
/// </summary>
internal sealed class ReachedCases
{
    public const string Canary = "only-for-those-with-the-permission";

    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public IEnumerable<ReachedCase> All() => [.. Reexecuted(), .. Exchanged(), .. Direct(), .. Replaced()];

    private IEnumerable<ReachedCase> Reexecuted() =>
    [
        new("status code page", app =>
        {
            app.UseStatusCodePagesWithReExecute("/secret");
            app.MapGet("/open", () => Results.NotFound()).AllowPublic("no secret");
            Secret(app);
        }),
        new("status code page of a controller", app =>
        {
            app.UseStatusCodePagesWithReExecute("/secret");
            app.MapGet("/open", () => Results.NotFound()).AllowPublic("no secret");
            app.MapControllers();
        })
        {
            Configure = builder =>
            {
                builder.Services.AddSingleton(this);
                NakedCases.WithController<SecretController>(builder);
            },
        },
        new("status code page with a second authorization for other listeners", app =>
        {
            app.UseStatusCodePagesWithReExecute("/secret");
            app.UseAuthorization();
            app.MapGet("/open", () => Results.NotFound()).AllowPublic("no secret");
            Secret(app, "/secret").OnListeners(ListenerRoles.Management);
        })
        {
            ServesThePermitted = false,
        },
        new("status code page of an endpoint for management", app =>
        {
            app.UseStatusCodePagesWithReExecute("/secret");
            app.MapGet("/open", () => Results.NotFound()).AllowPublic("no secret");
            app.MapGet("/secret", AnswerAsync).AllowPublic("operators only").OnListeners(ListenerRoles.Management);
        })
        {
            ServesThePermitted = false,
        },
        new("status code page with a policy of the application", app =>
        {
            app.UseStatusCodePagesWithReExecute("/secret");
            app.MapGet("/open", () => Results.NotFound()).AllowPublic("no secret");
            app.MapGet("/secret", AnswerAsync).AllowPublic("no secret").RequireAuthorization(policy => policy.RequireAssertion(_ => false));
        })
        {
            ServesThePermitted = false,
        },
        new("exception handler", app =>
        {
            app.UseExceptionHandler("/secret");
            app.MapGet("/open", string () => throw new InvalidTimeZoneException("boom")).AllowPublic("no secret");
            Secret(app);
        }),
        new("exception handler before the pipeline", app =>
        {
            app.MapGet("/open", string () => throw new InvalidTimeZoneException("boom")).AllowPublic("no secret");
            Secret(app);
        })
        {
            Pipeline = app =>
            {
                app.UseExceptionHandler("/secret");
                MeshHost.UsePackages(app);
            },

            // The context was taken from the request by the first run.
            ServesThePermitted = false,
        },
        new("rewritten path and a second routing", app =>
        {
            app.Use((context, next) =>
            {
                context.SetEndpoint(null);
                context.Request.Path = "/secret";
                return next(context);
            });
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            Secret(app);
        }),
        new("branch with a routing of its own", app =>
        {
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            app.MapWhen(context => context.Request.Path == "/open", branch =>
            {
                branch.Use((context, next) =>
                {
                    context.SetEndpoint(null);
                    context.Request.Path = "/secret";
                    return next(context);
                });
                branch.UseRouting().UseEndpoints(endpoints => Secret(endpoints));
            });
        }),
        new("branch that rejoins", app =>
        {
            app.UseWhen(context => context.Request.Path == "/open", branch => branch.Use((context, next) =>
            {
                context.SetEndpoint(null);
                context.Request.Path = "/secret";
                return next(context);
            }));
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            Secret(app);
        }),
        new("fallback after a rewritten path", app =>
        {
            app.Use((context, next) =>
            {
                context.SetEndpoint(null);
                context.Request.Path = "/nowhere";
                return next(context);
            });
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            app.MapFallback(AnswerAsync).RequirePermission("orders:read");
        }),
        new("another tenant of the same endpoint", app =>
        {
            app.Use((context, next) =>
            {
                context.SetEndpoint(null);
                context.Request.Path = "/tenants/umbrella";
                return next(context);
            });
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            app.MapGet("/tenants/{tenant}", AnswerAsync).RequirePermission("orders:read", "tenant");
        })
        {
            Path = "/tenants/acme",
            ServesThePermitted = false,
        },
    ];

    private IEnumerable<ReachedCase> Exchanged() =>
    [
        Exchange("endpoint of the same application", (context, secret) => context.SetEndpoint(secret)),
        Exchange(
            "endpoint set on the feature", (context, secret) => context.Features.GetRequiredFeature<IEndpointFeature>().Endpoint = secret),
        Exchange("endpoint with the delegate and other metadata", (context, secret) => context.SetEndpoint(
            new RouteEndpoint(
                secret.RequestDelegate!, RoutePatternFactory.Parse("/open"), 0, EndpointMetadataCollection.Empty, "bare"))) with
        {
            ServesThePermitted = false,
        },
        Exchange("endpoint of no route", (context, secret) => context.SetEndpoint(
            new Endpoint(secret.RequestDelegate, EndpointMetadataCollection.Empty, "bare"))) with
        {
            ServesThePermitted = false,
        },
        Exchange("endpoint with two decisions", (context, secret) => context.SetEndpoint(
            new Endpoint(
                secret.RequestDelegate,
                new EndpointMetadataCollection([.. secret.Metadata, new AllowPublicAttribute("no secret")]),
                "two"))) with
        {
            ServesThePermitted = false,
        },
        Exchange("endpoint that allows anonymous callers", (context, secret) => context.SetEndpoint(
            new Endpoint(
                secret.RequestDelegate,
                new EndpointMetadataCollection([.. secret.Metadata, new AllowAnonymousAttribute()]),
                "anonymous"))) with
        {
            ServesThePermitted = false,
        },
        new("another endpoint feature and a second routing", app =>
        {
            app.Use((context, next) =>
            {
                context.Features.Set<IEndpointFeature>(new OtherEndpointFeature());
                context.Request.Path = "/secret";
                return next(context);
            });
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            Secret(app);
        })
        {
            ServesThePermitted = false,
        },
        new("another endpoint feature before the pipeline", app =>
        {
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            Secret(app);
        })
        {
            Path = "/secret",
            Pipeline = app =>
            {
                app.Use((context, next) =>
                {
                    context.Features.Set<IEndpointFeature>(new OtherEndpointFeature());
                    return next(context);
                });
                MeshHost.UsePackages(app);
            },
            ServesThePermitted = false,
        },
        new("endpoint feature in another context", app =>
        {
            app.Use(async (context, next) =>
            {
                var features = new FeatureCollection(context.Features);
                features.Set<IHttpResponseFeature>(new HttpResponseFeature());
                var other = new DefaultHttpContext(features);
                other.Request.Path = "/secret";
                other.SetEndpoint(null);
                await next(other);
            });
            app.UseRouting();
            app.MapGet("/open", () => "open").AllowPublic("no secret");
            Secret(app);
        })
        {
            ServesThePermitted = false,
        },
    ];

    private IEnumerable<ReachedCase> Direct() =>
    [
        new("nothing but the pipeline", app => Secret(app)) { Path = "/secret" },
        new("in a group", app => Secret(app.MapGroup("/"))) { Path = "/secret" },
        new("with a filter", app => app.MapGet("/secret", (HttpContext context) => AnswerAsync(context)).RequirePermission("orders:read")
            .AddEndpointFilter((context, next) =>
            {
                Interlocked.Increment(ref _runs);
                return next(context);
            })) { Path = "/secret" },
        new("fallback", app => app.MapFallback(AnswerAsync).RequirePermission("orders:read")) { Path = "/secret" },
        new("controller", app => app.MapControllers())
        {
            Configure = builder =>
            {
                builder.Services.AddSingleton(this);
                NakedCases.WithController<SecretController>(builder);
            },
            Path = "/secret",
        },
        new("branch before the pipeline, with its own routing and authorization", _ => { })
        {
            Path = "/secret",
            Pipeline = app =>
            {
                app.MapWhen(context => context.Request.Path == "/secret", branch =>
                {
                    branch.UseRouting();
                    branch.UseAuthorization();
                    branch.UseEndpoints(endpoints => Secret(endpoints));
                });
                MeshHost.UsePackages(app);
            },
            ServesThePermitted = false,
        },
    ];

    private IEnumerable<ReachedCase> Replaced() =>
    [
        Replace(
            "policy evaluator that lets everything pass",
            services => services.AddTransient<IPolicyEvaluator,
            LenientEvaluator>()) with { ServesThePermitted = false },
        Replace(
            "authorization service that lets everything pass",
            services => services.AddTransient<IAuthorizationService,
            LenientAuthorization>()) with { ServesThePermitted = false },
        Replace("authorization service that asks and then lets everything pass", services =>
            services.AddTransient<IAuthorizationService>(
                provider => new LenientAuthorization(ActivatorUtilities.CreateInstance<DefaultAuthorizationService>(provider)))),
        Replace("handler that meets every requirement", services => services.AddSingleton<IAuthorizationHandler, LenientHandler>()),
    ];

    private ReachedCase Replace(string name, Action<IServiceCollection> add) => new(name, app => Secret(app))
    {
        Path = "/secret",
        Configure = builder => add(builder.Services),
    };

    private ReachedCase Exchange(string name, Action<HttpContext, Endpoint> exchange) => new(name, app =>
    {
        app.Use((context, next) =>
        {
            exchange(context, app.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(
                endpoint => endpoint is RouteEndpoint { RoutePattern.RawText: "/secret" }));
            return next(context);
        });
        app.MapGet("/open", () => "open").AllowPublic("no secret");
        Secret(app);
    });

    private IEndpointConventionBuilder Secret(IEndpointRouteBuilder app, string path = "/secret") =>
        app.MapGet(path, AnswerAsync).RequirePermission("orders:read");

    public Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _runs);
        return context.Response.WriteAsync(Canary, CancellationToken.None);
    }
}
