using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Shared;

/// <summary>Registers options that are bound from a section whose every key and value is checked.</summary>
internal static class SettingsRegistration
{
    /// <param name="services">The services of the host.</param>
    /// <param name="path">The path of the section.</param>
    /// <param name="shape">What may stand in it.</param>
    /// <param name="bind">The call of <c>Bind</c>; it stays with the package, where the generator sees the type of the options.</param>
    public static void AddSettings<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, string path, SettingShape shape, Action<IConfiguration, TOptions> bind)
        where TOptions : class
    {
        SettingsStart.Register(services);
        services.AddSingleton(new SettingsSection(path) { Settings = [.. shape.ValuesBelow(path)] });
        services.AddOptionsWithValidateOnStart<TOptions>();
        services.AddSingleton(provider => new SettingsBinder<TOptions>(provider.GetRequiredService<IConfiguration>(), path, shape, bind));
        services.AddSingleton<IConfigureOptions<TOptions>>(static provider => provider.GetRequiredService<SettingsBinder<TOptions>>());
        services.AddSingleton<IValidateOptions<TOptions>>(static provider => provider.GetRequiredService<SettingsBinder<TOptions>>());
        services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider =>
            new ConfigurationChangeTokenSource<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(path)));
    }
}
