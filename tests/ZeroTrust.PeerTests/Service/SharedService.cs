using ZeroTrust.PeerTests.Service;

[assembly: AssemblyFixture(typeof(SharedService))]

namespace ZeroTrust.PeerTests.Service;

/// <summary>One service for all who are refused.</summary>
public sealed class SharedService : IAsyncLifetime
{
    private readonly PeerPki _pki = new();
    private readonly Dictionary<Refusal, ClientFiles> _files = [];
    private PeerService? _service;

    public Uri Address => _service!.Address;

    public async ValueTask InitializeAsync()
    {
        foreach (var refusal in Enum.GetValues<Refusal>())
        {
            _files[refusal] = _pki.Issue(refusal);
        }

        _service = await PeerService.StartAsync(_pki);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _pki.Dispose();
    }

    internal ClientFiles FilesOf(Refusal refusal) => _files[refusal];
}
