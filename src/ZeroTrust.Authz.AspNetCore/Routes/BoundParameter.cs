using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>A parameter, or a bound property, of a controller or a page.</summary>
internal static class BoundParameter
{
    /// <summary>Where something of this name is taken from other than the route, or null.</summary>
    public static string? FindSource(ParameterDescriptor parameter, TenantRoute route, ModelGraph models)
    {
        var binding = parameter.BindingInfo;
        var source = binding?.BindingSource;
        var routeValue = route.Value;
        var name = binding?.BinderModelName ?? parameter.Name;
        if (IsNotOfCaller(parameter))
        {
            return null;
        }

        if (Names.AreEqual(name, routeValue) || Names.AreEqual(parameter.Name, routeValue))
        {
            return source == BindingSource.Path && binding?.BinderType is null && Names.AreEqual(name, routeValue)
                ? null
                : $"its handler takes '{parameter.Name}' from {Describe(source, binding?.BinderType, name)}";
        }

        IReadOnlyList<ModelReader> readers = source == BindingSource.Body ? models.Readers.OfMvc
            : binding?.BinderType is not null ? [ModelReader.Code]
            : source == BindingSource.Path && binding?.BinderModelName is null && !route.HasPrefix(parameter.Name)
                ? [ModelReader.RouteBinding]
            : [ModelReader.ModelBinding];
        return models.FindSource(parameter.ParameterType, parameter.Name, route, readers);
    }

    /// <summary>Whether the caller has no say in it: a service, or something of the framework.</summary>
    public static bool IsNotOfCaller(ParameterDescriptor parameter) =>
        parameter.BindingInfo is { BindingSource.IsFromRequest: false, BinderType: null };

    private static string Describe(BindingSource? source, Type? binder, string name) => (source, binder) switch
    {
        (_, not null) => $"the binder {binder.Name}",
        (null, _) => "whatever has a value of that name, a form before the route",
        _ when source == BindingSource.Path => $"route value '{name}'",
        _ => source.DisplayName,
    };
}
