using System.Reflection;
using System.Runtime.CompilerServices;

namespace ZeroTrust.ArchitectureTests;

public sealed class ConventionTests
{
    [Fact]
    public void Public_classes_are_sealed_or_static()
    {
        var open = Packages.PublicTypes().Where(type => type.IsClass && !type.IsSealed);

        Assert.Empty(open);
    }

    [Fact]
    public void Internal_namespaces_hold_no_public_type()
    {
        var leaks = Packages.PublicTypes().Where(type => type.Namespace!.Split('.').Contains("Internal", StringComparer.Ordinal));

        Assert.Empty(leaks);
    }

    [Fact]
    public void No_static_field_can_change()
    {
        var mutable = from package in Packages.All.Keys
                      from type in Packages.Load(package).GetTypes()
                      where !IsGenerated(type)
                      from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                      where !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute))
                      select type.FullName + "." + field.Name;

        Assert.Empty(mutable);
    }

    [Fact]
    public void Proof_types_have_no_public_constructor()
    {
        foreach (var proof in new[] { typeof(Mtls.VerifiedPeer), typeof(Authz.AuthzContext), typeof(Mtls.TrustSnapshot) })
        {
            Assert.Empty(proof.GetConstructors());
        }
    }

    [Fact]
    public void Options_name_their_section()
    {
        var unnamed = Packages.PublicTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetConstructor(Type.EmptyTypes) is not null)
            .Where(type => type.GetField("SectionName")?.GetRawConstantValue() is string section && !section.StartsWith("ZeroTrust:", StringComparison.Ordinal));

        Assert.Empty(unnamed);
    }

    [Fact]
    public void Async_methods_take_their_token_last()
    {
        var wrong = from type in Packages.PublicTypes()
                    from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    let parameters = method.GetParameters()
                    let index = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken))
                    where index >= 0 && index != parameters.Length - 1
                    select type.FullName + "." + method.Name;

        Assert.Empty(wrong);
    }

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.Name.StartsWith('<')
        || type.DeclaringType is { } outer && IsGenerated(outer)
        || type.Namespace is null
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute));
}
