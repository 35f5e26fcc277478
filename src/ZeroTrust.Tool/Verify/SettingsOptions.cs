using System.CommandLine;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Verify;

/// <summary>The options that ask a service by its own settings.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string[]> _settings = new("--settings")
    {
        HelpName = "FILE",
        Description = "The service's settings, such as appsettings.json. May be given several times; a later file overrides an earlier one.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _environmentVariables = new("--environment-variables")
    {
        Description = "Variables of this environment override the files, as they do for a service.",
    };

    private readonly Option<string?> _folder = new("--folder")
    {
        HelpName = "DIR",
        Description = "Where the service is started: relative paths of its settings begin there. Default: the folder of the first settings file.",
    };

    private readonly Option<bool> _withoutCredential = new("--without-credential")
    {
        Description = "Leave the certificates and keys of the service alone, which the verdict on a peer does not need.",
    };

    private readonly Option<uint?> _user = new("--user")
    {
        HelpName = "UID",
        Description = "The number of the user the service runs as, where that is not you: files may belong to it.",
    };

    private readonly Option<string[]> _peerSettings = new("--peer-settings")
    {
        HelpName = "FILE",
        Description = "In place of CERT: the settings of the peer, whose certificate and key are read as it reads them. What its TLS sends is judged.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Listener { get; } = new("--listener")
    {
        HelpName = "NAME",
        Description = "With --settings: the listener that the certificate's owner connects to.",
    };

    public Option<string?> Server { get; } = new("--server")
    {
        HelpName = "NAME",
        Description = "With --settings: the server, by its name in ZeroTrust:Mtls:Servers or its workload id, that the certificate's owner is.",
    };

    /// <summary>Adds the options, and refuses those that do not go together.</summary>
    public void AddTo(Command command, Argument<string?> certificate, IReadOnlyList<Option> withoutSettings)
    {
        foreach (var option in (Option[])[_settings, Listener, Server, _environmentVariables, _folder, _withoutCredential, _user, _peerSettings])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };

            if (result.GetValue(certificate) is null == !IsGiven(_peerSettings))
            {
                result.AddError("CERT or --peer-settings: one of them tells what the peer sends");
            }

            if (!IsGiven(_settings))
            {
                foreach (var option in (Option[])[Listener, Server, _environmentVariables, _folder, _withoutCredential, _user])
                {
                    if (IsGiven(option))
                    {
                        result.AddError($"{option.Name}: goes with --settings");
                    }
                }

                if (!IsGiven(withoutSettings[0]))
                {
                    result.AddError("--ca or --settings: one of them tells who is trusted");
                }

                return;
            }

            foreach (var option in withoutSettings.Where(IsGiven))
            {
                result.AddError($"{option.Name}: the settings tell this; it does not go with --settings");
            }

            if (IsGiven(Listener) == IsGiven(Server))
            {
                result.AddError("--listener or --server: one of them tells who judges the peer");
            }
        });
    }

    /// <summary>The service that judges; null where files of anchors do.</summary>
    public ServiceSettings? Of(ParseResult parsed) => Read(parsed, _settings) is { } settings
        ? settings with
        {
            EnvironmentVariables = parsed.GetValue(_environmentVariables),
            WithoutCredential = parsed.GetValue(_withoutCredential),
            User = parsed.GetValue(_user),
            Folder = parsed.GetValue(_folder) is { } folder ? Path.GetFullPath(folder) : settings.Folder,
        }
        : null;

    /// <summary>The service that is the peer.</summary>
    public ServiceSettings? PeerOf(ParseResult parsed) => Read(parsed, _peerSettings);

    private static ServiceSettings? Read(ParseResult parsed, Option<string[]> option)
    {
        string[] files = [.. (parsed.GetValue(option) ?? []).Select(Path.GetFullPath)];
        return files.Length > 0 ? new ServiceSettings(files) { Folder = Path.GetDirectoryName(files[0])! } : null;
    }
}
