using System.Collections.Concurrent;

namespace ZeroTrust.X509.Internal;

/// <summary>
/// What accepted paths have proved and time cannot change: signatures that verify, certificates worth keeping ready, the platform's
/// consent.
/// </summary>
/// <remarks>
/// Only what stood on an accepted path is kept, so a peer without trust can neither fill nor flush it. A refusal is never remembered. Each
/// table is bounded and starts over when full.
/// </remarks>
internal sealed class KnownFacts
{
    private const int MaxFacts = 1024;

    private readonly ConcurrentDictionary<(Sha256Value Signed, Sha256Value Key), bool> _signatures = new();
    private readonly ConcurrentDictionary<Sha256Value, Certificate?> _certificates = new();
    private readonly ConcurrentDictionary<(Sha256Value Path, string? Purpose), bool> _consents = new();
    private IReadOnlyList<Certificate> _atHand = [];

    public bool Verifies(ReadOnlyMemory<byte> signedSha256, Certificate signer) =>
        !_signatures.IsEmpty && _signatures.ContainsKey((Sha256Value.Of(signedSha256), Sha256Value.Of(signer.KeySha256)));

    public void AddSignature(ReadOnlyMemory<byte> signedSha256, Certificate signer) =>
        Add(_signatures, (Sha256Value.Of(signedSha256), Sha256Value.Of(signer.KeySha256)), value: true);

    /// <summary>What a review was last given; for reviews alone.</summary>
    public IReadOnlyList<Certificate> AtHand { get => Volatile.Read(ref _atHand); set => Volatile.Write(ref _atHand, value); }

    /// <summary>The intermediates that were on more than one accepted path.</summary>
    public IEnumerable<Certificate> Certificates => _certificates.Select(entry => entry.Value).OfType<Certificate>();

    /// <summary>Whether an accepted path rests on this signature, whoever made it.</summary>
    public bool IsProven(ReadOnlyMemory<byte> signedSha256)
    {
        var signed = Sha256Value.Of(signedSha256);
        return _signatures.Any(known => known.Key.Signed == signed);
    }

    /// <summary>The certificate kept ready in place of this one, which holds the same bytes.</summary>
    public Certificate Intern(Certificate certificate) =>
        !_certificates.IsEmpty && _certificates.TryGetValue(Sha256Value.Of(certificate.Sha256), out var known) && known is not null ? known : certificate;

    /// <summary>Notes an intermediate of an accepted path; from its second time on it is kept with its key loaded.</summary>
    public void AddCertificate(Certificate certificate)
    {
        var key = Sha256Value.Of(certificate.Sha256);
        if (!_certificates.TryGetValue(key, out var known))
        {
            Add(_certificates, key, value: null);
        }
        else if (known is null)
        {
            _certificates.TryUpdate(key, certificate.Retain(), comparisonValue: null);
        }
    }

    public bool HasConsent(Sha256Value path, string? purpose) => _consents.ContainsKey((path, purpose));

    public void AddConsent(Sha256Value path, string? purpose) => Add(_consents, (path, purpose), value: true);

    private static void Add<TKey, TValue>(ConcurrentDictionary<TKey, TValue> table, TKey key, TValue value)
        where TKey : notnull
    {
        if (!table.ContainsKey(key))
        {
            // Count takes every lock of the table; it is asked only when something new is learnt.
            if (table.Count >= MaxFacts)
            {
                table.Clear();
            }

            table.TryAdd(key, value);
        }
    }
}
