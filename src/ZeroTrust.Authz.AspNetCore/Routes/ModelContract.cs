namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What a serializer does with a type.</summary>
/// <param name="IsConverted">A converter of the application reads it.</param>
/// <param name="Members">What it fills in.</param>
/// <param name="Derived">The types that a body may name in its place.</param>
internal sealed record ModelContract(bool IsConverted, IReadOnlyList<ContractMember> Members, IReadOnlyList<Type> Derived)
{
    public static readonly ModelContract Converted = new(IsConverted: true, [], []);
}
