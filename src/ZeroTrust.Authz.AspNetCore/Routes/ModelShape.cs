using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What one reader does with one type.</summary>
internal sealed record ModelShape(IReadOnlyList<ModelPart> Parts, IReadOnlyList<Type> StandsFor)
{
    public static ModelShape Of(Type type, ModelReader reader, ModelReaders readers)
    {
        var contract = FrameworkType.Is(type) ? null : reader.Contracts?.Find(type);
        if (contract is { IsConverted: true } || ModelMember.IsBound(type.GetCustomAttributes(inherit: true), reader))
        {
            reader = ModelReader.Code;
            contract = null;
        }

        return new ModelShape(
            [.. ByAttributes(type, reader, readers), .. contract?.Members.Select(member => ByContract(type, member, reader)) ?? []],
            [.. ModelType.Parts(type), .. contract?.Derived ?? []]);
    }

    private static IEnumerable<ModelPart> ByAttributes(Type type, ModelReader reader, ModelReaders readers)
    {
        foreach (var member in ModelMember.Of(type, reader))
        {
            var attributes = member.GetCustomAttributes(inherit: true);
            var isFilledIn = ModelMember.IsFilledIn(type, member, attributes, reader);
            if (!ModelMember.IsLeftOut(attributes, reader.Source) && (isFilledIn || ModelMember.IsEntered(member, reader)))
            {
                yield return new ModelPart(
                    member.Name,
                    isFilledIn ? ModelMember.NamesOf(member, attributes) : [],
                    ModelMember.TypeOf(member),
                    member.DeclaringType ?? type,
                    Inside(attributes, reader, readers));
            }
        }
    }

    private static ModelPart ByContract(Type type, ContractMember member, ModelReader reader) =>
        new(member.Member, member.IsFilledIn ? [member.Name] : [], member.Type, type, [member.IsConverted ? ModelReader.Code : reader]);

    // A member of a bound model may be the body.
    private static IReadOnlyList<ModelReader> Inside(object[] attributes, ModelReader reader, ModelReaders readers) =>
        ModelMember.IsBound(attributes, reader) ? [ModelReader.Code]
        : !reader.IsBody
            && attributes.OfType<IBindingSourceMetadata>().Any(attribute => attribute.BindingSource == BindingSource.Body) ? readers.OfMvc
        : [reader];
}
