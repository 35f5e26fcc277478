namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>How a serializer, with the settings of the application, sees a type.</summary>
internal interface IModelContracts
{
    /// <summary>The contract of a type, or null for one that the serializer cannot read.</summary>
    ModelContract? Find(Type type);
}
