using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

public sealed class MtlsDangersTests
{
    [Fact]
    public void Each_weakening_is_registered_with_its_reason()
    {
        var services = new ServiceCollection();
        services.AddZeroTrust()
            .DangerousMtls(dangers => dangers.AllowNoRevocation("a.test", "one").AllowUnknownRevocation("b.test", "two"))
            .DangerousMtls(dangers => dangers.AllowExposedKeyFile("three").SkipPlatformVeto("four"))
            .DangerousMtls(dangers => dangers.AllowTls12("bank", "five").AllowSystemRoots("shop", "six"));
        using var provider = services.BuildServiceProvider();

        Assert.Equal(
            [
                new("mtls.no_revocation:a.test", "one"), new("mtls.unknown_revocation:b.test", "two"), new("mtls.exposed_key_file", "three"),
                new("mtls.no_platform_veto", "four"), new("mtls.tls12:bank", "five"), new("mtls.system_roots:shop", "six"),
            ],
            provider.GetServices<Weakening>());
        Assert.True(Assert.Single(provider.GetServices<MtlsDangers>()).AllowsExposedKeyFile);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_is_weakened_without_a_reason(string? reason)
    {
        Action<MtlsDangers>[] all =
        [
            dangers => dangers.AllowNoRevocation(World.Domain, reason!), dangers => dangers.AllowUnknownRevocation(World.Domain, reason!),
            dangers => dangers.AllowExposedKeyFile(reason!), dangers => dangers.SkipPlatformVeto(reason!),
            dangers => dangers.AllowTls12("bank", reason!), dangers => dangers.AllowSystemRoots("bank", reason!),
            dangers => dangers.AllowTls12(reason!, "a test"), dangers => dangers.AllowSystemRoots(reason!, "a test"),
        ];

        Assert.All(all, weaken => Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddZeroTrust().DangerousMtls(weaken)));
        Assert.Throws<FormatException>(() => new ServiceCollection().AddZeroTrust().DangerousMtls(dangers => dangers.AllowNoRevocation("No Domain", "a test")));
    }

    [Fact]
    public void Configuration_reaches_none()
    {
        Assert.DoesNotContain(typeof(MtlsDangers).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => property.CanWrite);
        Assert.DoesNotContain(
            new[] { typeof(MtlsOptions), typeof(TrustDomainOptions), typeof(CredentialFileOptions), typeof(ServerOptions) }.SelectMany(type => type.GetProperties()),
            property => property.PropertyType == typeof(MtlsDangers) || property.Name.Contains("Dangerous", StringComparison.Ordinal));
    }
}
