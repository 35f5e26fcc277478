using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.Hosting;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>One page, as the compiler of Razor Pages makes it, for a page model.</summary>
internal sealed class PagePart(Type model) : ApplicationPart, IRazorCompiledItemProvider
{
    public override string Name => model.Name;

    public IEnumerable<RazorCompiledItem> CompiledItems => [new Item(typeof(Compiled<>).MakeGenericType(model))];

    private sealed class Item(Type page) : RazorCompiledItem
    {
        public override string Identifier => "/Pages/Notes.cshtml";

        public override string Kind => "mvc.1.0.razor-page";

        public override IReadOnlyList<object> Metadata => [new RazorCompiledItemMetadataAttribute("RouteTemplate", "/{tenant}/notes")];

        public override Type Type => page;
    }

    private sealed class Compiled<TModel> : Page
        where TModel : PageModel
    {
        public TModel Model => ViewData.Model;

        public ViewDataDictionary<TModel> ViewData => (ViewDataDictionary<TModel>)PageContext.ViewData;

        public override Task ExecuteAsync() => Task.CompletedTask;
    }
}
