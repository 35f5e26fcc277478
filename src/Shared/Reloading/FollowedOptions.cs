using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Shared;

/// <summary>
/// What options were compiled to. It follows the configuration: each valid change is compiled and put in the place of what was, and a
/// change that is not valid is told and passed over.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
/// <typeparam name="TState">What they are compiled to; never changes.</typeparam>
internal sealed class FollowedOptions<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions, TState> : IDisposable
    where TOptions : class
    where TState : class
{
    private readonly IServiceProvider _services;
    private readonly Func<TOptions, TState> _compile;
    private readonly string _category;
    private readonly Action<ILogger, string?> _told;
    private readonly IDisposable[] _changes;
    private TState _current;
    private BoundedLogger? _logger;

    /// <param name="services">The services of the container.</param>
    /// <param name="compile">Makes a state of options.</param>
    /// <param name="otherwise">
    /// The state where the first options are not valid: whoever asks before validation stops the host must not find more than this.
    /// </param>
    /// <param name="category">The category of the logger.</param>
    /// <param name="told">Tells of a reload that succeeded, or of the fault for which it was passed over.</param>
    public FollowedOptions(
        IServiceProvider services, Func<TOptions, TState> compile, Func<TState> otherwise, string category, Action<ILogger, string?> told)
    {
        (_services, _compile, _category, _told) = (services, compile, category, told);
        _current = TryCompile(out _) ?? otherwise();

        // Not IOptionsMonitor.OnChange: it does not tell of a change that failed validation.
        var sources = services.GetServices<IOptionsChangeTokenSource<TOptions>>();
        _changes = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    public TState Current => Volatile.Read(ref _current);

    public void Dispose() => Array.ForEach(_changes, static change => change.Dispose());

    private void Reload()
    {
        var next = TryCompile(out var error);
        if (next is not null)
        {
            Volatile.Write(ref _current, next);
        }

        // Called by the configuration, which has other listeners to notify.
        if (_services.GetService<ILoggerFactory>() is { } factory)
        {
            _told(_logger ??= new BoundedLogger(factory.CreateLogger(_category)), error);
        }
    }

    /// <summary>
    /// Whatever keeps the options from being compiled, a conversion that fails or a fault that validation finds, leaves the ones in use.
    /// </summary>
    private TState? TryCompile(out string? error)
    {
        try
        {
            error = null;
            return _compile(_services.GetRequiredService<IOptionsFactory<TOptions>>().Create(Options.DefaultName));
        }
        catch (Exception exception)
        {
            error = exception.Message;
            return null;
        }
    }
}
