namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What fills a model in; each leaves other members out.</summary>
internal enum ModelSource
{
    /// <summary>Forms and queries, by the model binding of MVC.</summary>
    ModelBinding,

    /// <summary>A form, by minimal APIs.</summary>
    Form,

    /// <summary>A body, by System.Text.Json.</summary>
    Json,

    /// <summary>A body, by Newtonsoft.Json.</summary>
    NewtonsoftJson,

    /// <summary>A body, by the XML serializer.</summary>
    XmlSerializer,

    /// <summary>A body, by the data contract serializer.</summary>
    DataContract,

    /// <summary>Code that heeds no attribute: an unknown formatter, a converter, a binder, <c>BindAsync</c>, <c>TryParse</c>.</summary>
    Code,
}
