namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>One way to fill a model in, with the contracts of its serializer where they can be asked.</summary>
internal sealed record ModelReader(ModelSource Source, IModelContracts? Contracts = null)
{
    public static readonly ModelReader ModelBinding = new(ModelSource.ModelBinding);

    /// <summary>Model binding of what is bound from the route: members that name no other source are, too.</summary>
    public static readonly ModelReader RouteBinding = new(ModelSource.ModelBinding) { IsOfRoute = true };

    public static readonly ModelReader Form = new(ModelSource.Form);

    public static readonly ModelReader Code = new(ModelSource.Code);

    /// <summary>A converter of the application, of this very type or of a collection of it.</summary>
    public static readonly ModelReader Converter = new(ModelSource.Code) { IsConverter = true };

    public bool IsOfRoute { get; private init; }

    public bool IsConverter { get; private init; }

    public bool IsBody => Source is not (ModelSource.ModelBinding or ModelSource.Form);
}
