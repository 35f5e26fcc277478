using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What one reader does with one type.</summary>
/// <param name="Parts">The members that the caller fills in.</param>
/// <param name="StandsFor">The types it is a collection or a wrapper of, or that are read in its place.</param>
/// <param name="Inner">What reads those.</param>
/// <param name="Code">The code of the application that fills it in, as it is answered for; null where none does.</param>
internal sealed record ModelShape(IReadOnlyList<ModelPart> Parts, IReadOnlyList<Type> StandsFor, ModelReader Inner, string? Code)
{
    public static ModelShape Of(Type type, ModelReader reader, ModelReaders readers)
    {
        var isHolder = ConvertedModel.IsHolder(type);
        var contract = reader.Contracts?.Find(type);
        if (contract is { IsConverted: false } && FrameworkType.Is(type))
        {
            contract = null;
        }

        var code = ConvertedModel.CodeOf(type, reader, contract);
        var inner = code is null ? reader.IsOfRoute ? ModelReader.ModelBinding : reader
            : isHolder ? ModelReader.Converter
            : ModelReader.Code;
        if (code is not null || ModelMember.IsBound(type.GetCustomAttributes(inherit: true), reader))
        {
            reader = ModelReader.Code;
            contract = null;
        }

        return new ModelShape(
            [.. ByAttributes(type, reader, readers), .. contract?.Members.Select(member => ByContract(type, member, reader)) ?? []],
            [.. ModelType.Parts(type), .. contract?.Derived ?? []],
            inner,
            ConvertedModel.Is(type) ? code : null);
    }

    private static IEnumerable<ModelPart> ByAttributes(Type type, ModelReader reader, ModelReaders readers)
    {
        foreach (var member in ModelMember.Of(type, reader))
        {
            var attributes = ModelMember.AttributesOf(type, member);
            var isFilledIn = ModelMember.IsFilledIn(type, member, attributes, reader);
            if (!ModelMember.IsLeftOut(attributes, reader.Source) && (isFilledIn || ModelMember.IsEntered(member, reader)))
            {
                yield return new ModelPart(
                    member.Name,
                    isFilledIn ? ModelMember.NamesOf(member, attributes) : [],
                    ModelMember.TypeOf(member),
                    member.DeclaringType ?? type,
                    Inside(attributes, reader, readers))
                {
                    RouteName = reader.IsOfRoute ? ModelMember.FindRouteName(member, attributes) : null,
                };
            }
        }
    }

    private static ModelPart ByContract(Type type, ContractMember member, ModelReader reader) =>
        new(member.Member, member.IsFilledIn ? [member.Name] : [], member.Type, type, [member.IsConverted ? ModelReader.Converter : reader]);

    // A member of a bound model may be the body; of one bound from the route, its own members have its name in front.
    private static IReadOnlyList<ModelReader> Inside(object[] attributes, ModelReader reader, ModelReaders readers) =>
        ModelMember.IsBound(attributes, reader) ? [ModelReader.Code]
        : !reader.IsBody
            && attributes.OfType<IBindingSourceMetadata>().Any(attribute => attribute.BindingSource == BindingSource.Body) ? readers.OfMvc
        : [reader.IsOfRoute ? ModelReader.ModelBinding : reader];
}
