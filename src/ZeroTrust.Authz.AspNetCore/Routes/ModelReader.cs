namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>One way to fill a model in, with the contracts of its serializer where they can be asked.</summary>
internal sealed record ModelReader(ModelSource Source, IModelContracts? Contracts = null)
{
    public static readonly ModelReader ModelBinding = new(ModelSource.ModelBinding);

    public static readonly ModelReader Form = new(ModelSource.Form);

    public static readonly ModelReader Code = new(ModelSource.Code);

    public bool IsBody => Source is not (ModelSource.ModelBinding or ModelSource.Form);
}
