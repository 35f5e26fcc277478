namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What fills a model in; each leaves other members out.</summary>
internal enum ModelSource
{
    /// <summary>Forms and queries, by the model binding of MVC.</summary>
    ModelBinding,

    /// <summary>A form, by minimal APIs.</summary>
    Form,

    /// <summary>A body, by whatever reads it.</summary>
    Body,
}
