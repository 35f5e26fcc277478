using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Internal;
using ZeroTrust.Tool.Verify;

namespace ZeroTrust.Tool.Service;

/// <summary>
/// A service of these settings, registered as services are, with its files loaded, and never started: it binds no port and polls no file.
/// </summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly LoadWarnings _warnings;

    private ServiceHost(WebApplication application, LoadWarnings warnings)
    {
        _application = application;
        _warnings = warnings;
    }

    public IServiceProvider Services => _application.Services;

    public MtlsOptions Mtls => Services.GetRequiredService<IOptions<MtlsOptions>>().Value;

    /// <summary>What its start would log as a warning.</summary>
    public IReadOnlyList<string> Warnings => _warnings.Texts;

    /// <exception cref="ToolException">The service would not start; each fault is told with its setting.</exception>
    public static async Task<ServiceHost> CreateAsync(ServiceSettings settings, DateTimeOffset at, TimeProvider time)
    {
        var warnings = new LoadWarnings();
        var application = await BuildAsync(settings, at, warnings, time).ConfigureAwait(false);
        var host = new ServiceHost(application, warnings);
        try
        {
            host.Load();
            return host;
        }
        catch (OptionsValidationException refusal)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw new ToolException("the service does not start:" + string.Concat(refusal.Failures.Select(fault => $"\n  {fault}")), refusal);
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    // A file of settings may be a pipe too.
    private static async Task<WebApplication> BuildAsync(ServiceSettings settings, DateTimeOffset at, LoadWarnings warnings, TimeProvider time)
    {
        try
        {
            return await Waiting.BoundAsync(() => Build(settings, at, warnings), time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new ToolException($"'{string.Join("', '", settings.Files)}' cannot be read: {exception.Message}", exception);
        }
    }

    private static WebApplication Build(ServiceSettings settings, DateTimeOffset at, LoadWarnings warnings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = settings.Folder });
        AddSettings(builder.Configuration, settings);
        builder.Logging.AddProvider(warnings);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<TimeProvider>(new MomentTimeProvider(at));
        var zeroTrust = builder.Services.AddZeroTrust();
        if (settings.WithoutCredential)
        {
            builder.Services.AddSingleton(StandInCredential.Create(at));
        }

        zeroTrust.AddMtls(options => options.Credential = settings.WithoutCredential ? new CredentialFileOptions() : options.Credential);
        if (builder.Configuration.GetSection(ListenersOptions.SectionName).Exists())
        {
            zeroTrust.AddListeners(options => LeaveCertificates(options, settings));
        }

        if (settings.User is { } user)
        {
            zeroTrust.DangerousMtls(mtls => mtls.AllowFileOwner(user, "The service runs as this user."));
        }

        return builder.Build();
    }

    // In the order of a host: variables for the host itself, the files, then variables that override them.
    private static void AddSettings(ConfigurationManager configuration, ServiceSettings settings)
    {
        if (settings.EnvironmentVariables)
        {
            configuration.AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_");
        }

        foreach (var file in settings.Files)
        {
            try
            {
                configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                var what = exception.GetBaseException();
                throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"'{file}' cannot be read: {what.Message}"), exception);
            }
        }

        if (settings.EnvironmentVariables)
        {
            configuration.AddEnvironmentVariables();
        }
    }

    private static void LeaveCertificates(ListenersOptions options, ServiceSettings settings)
    {
        foreach (var listener in settings.WithoutCredential ? options.Listeners.Values : [])
        {
            (listener.CertificateFile, listener.KeyFile) = (string.Empty, string.Empty);
        }
    }

    // As a start does, until it would listen: every setting is proved by the first hosted service that is made, then the sources load their
    // files.
    private void Load()
    {
        _ = Services.GetServices<IHostedService>().Count();
        _ = Services.GetRequiredService<IPeerCredentialSource>();

        // A look as the host takes it, which tells what is doubted of the files.
        _ = (Services.GetRequiredService<ITrustBundleSource>() as FileTrustBundleSource)?.Reload();
    }
}
