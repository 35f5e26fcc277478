using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;
using MvcJsonOptions = Microsoft.AspNetCore.Mvc.JsonOptions;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What reads bodies in this host. A member is out of a body only when each of them leaves it out.</summary>
internal sealed class ModelReaders(IServiceProvider services)
{
    private IReadOnlyList<ModelReader>? _ofHandlers;
    private IReadOnlyList<ModelReader>? _ofMvc;

    /// <summary>Minimal APIs read with System.Text.Json alone.</summary>
    public IReadOnlyList<ModelReader> OfHandlers => _ofHandlers ??=
        [new(ModelSource.Json, new JsonContracts(services.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions))];

    /// <summary>MVC reads with whatever formatters it was given.</summary>
    public IReadOnlyList<ModelReader> OfMvc =>
        _ofMvc ??= ReadersOf(services.GetRequiredService<IOptions<MvcOptions>>().Value.InputFormatters);

    private ModelReader[] ReadersOf(IEnumerable<IInputFormatter> formatters)
    {
        ModelReader[] found = [.. formatters.Select(Of)];
        return found.Length == 0 ? [ModelReader.Code] : found;
    }

    // By the exact type: one that derives from it may read otherwise.
    private ModelReader Of(IInputFormatter formatter) => formatter.GetType().FullName switch
    {
        "Microsoft.AspNetCore.Mvc.Formatters.SystemTextJsonInputFormatter" =>
            new ModelReader(
                ModelSource.Json, new JsonContracts(services.GetRequiredService<IOptions<MvcJsonOptions>>().Value.JsonSerializerOptions)),
        "Microsoft.AspNetCore.Mvc.Formatters.NewtonsoftJsonInputFormatter"
            or "Microsoft.AspNetCore.Mvc.Formatters.NewtonsoftJsonPatchInputFormatter" =>
            NewtonsoftContracts.Of(formatter) is { } contracts ? new ModelReader(ModelSource.NewtonsoftJson, contracts) : ModelReader.Code,
        "Microsoft.AspNetCore.Mvc.Formatters.XmlSerializerInputFormatter" => new ModelReader(ModelSource.XmlSerializer),
        "Microsoft.AspNetCore.Mvc.Formatters.XmlDataContractSerializerInputFormatter" => new ModelReader(ModelSource.DataContract),
        _ => ModelReader.Code,
    };
}
