using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ZeroTrust.ArchitectureTests;

/// <summary>A host with every package that reads settings.</summary>
internal static class SettingsHost
{
    /// <summary>Starts it with the settings, which it must refuse, and tells what it says.</summary>
    public static async Task<IReadOnlyList<string>> RefuseAsync(params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.OrdinalIgnoreCase));
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddSingleton(static _ => NpgsqlDataSource.Create("Host=localhost"));
        builder.Services.AddZeroTrust().AddMtls().AddListeners().AddAuthz().AddOidc().AddHealthChecks().AddRedaction().AddRowLevelSecurity();
        await using var host = builder.Build();
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        return [.. refusal.Failures];
    }
}
