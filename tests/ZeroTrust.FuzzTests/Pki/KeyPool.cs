using System.Security.Cryptography;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>A few keys that all certificates share, since making keys costs more than all the rest.</summary>
internal sealed class KeyPool : IDisposable
{
    public const int CommonKeys = 12;

    private readonly TestKey[] _common;
    private readonly Lazy<TestKey[]> _rare;

    private KeyPool(TestKey[] common, Lazy<TestKey[]> rare)
    {
        _common = common;
        _rare = rare;
    }

    public static KeyPool Create() => new(
        [.. Enumerable.Range(0, CommonKeys).Select(_ => TestKey.Ec(ECCurve.NamedCurves.nistP256))],
        new(static () =>
        [
            TestKey.Ec(ECCurve.NamedCurves.nistP384),
            TestKey.Ec(ECCurve.NamedCurves.nistP521),
            TestKey.Rsa(2048, isPss: false),
            TestKey.Rsa(2048, isPss: true),
            TestKey.Rsa(1024, isPss: false),
        ]));

    /// <summary>The same keys for another worker.</summary>
    public KeyPool Copy() => new(Array.ConvertAll(_common, key => key.Copy()), new(() => Array.ConvertAll(_rare.Value, key => key.Copy())));

    /// <summary>A key on P-256; keys with another number are other keys.</summary>
    public TestKey Common(int number) => _common[number];

    public TestKey Rare(Dice dice) => dice.Pick(_rare.Value);

    public void Dispose()
    {
        foreach (var key in _common.Concat(_rare.IsValueCreated ? _rare.Value : []))
        {
            key.Dispose();
        }
    }
}
