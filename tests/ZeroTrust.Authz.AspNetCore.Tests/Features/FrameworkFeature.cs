using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>
/// A feature of the framework that reads the user, headers or the endpoint, and what two tenants get where it is used. By default each asks
/// twice.
/// </summary>
internal sealed record FrameworkFeature(string Name, string Expected, string Acme, string Globex)
{
    private int _runs;

    public Action<WebApplicationBuilder>? Configure { get; init; }

    public Action<WebApplication>? Behind { get; init; }

    public Action<WebApplication>? Pipeline { get; init; }

    public required Action<WebApplication, FrameworkFeature> Map { get; init; }

    public Func<TwoTenants, Task<(string Acme, string Globex)>> Ask { get; init; } =
        async tenants => (await tenants.AskTwiceAsync("acme"), await tenants.AskTwiceAsync("globex"));

    /// <summary>An answer that shows for which tenant it was made, and by which run of the handler.</summary>
    public string Answer(AuthzContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"{context.Tenant} {Interlocked.Increment(ref _runs)}");

    public Task<TwoTenants> StartAsync() => TwoTenants.StartAsync(
        app => Map(app, this),
        builder =>
        {
            builder.Services.AddSingleton(this);
            Configure?.Invoke(builder);
        },
        Behind,
        Pipeline);
}
