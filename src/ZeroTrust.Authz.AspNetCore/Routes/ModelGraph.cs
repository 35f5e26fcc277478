using System.Collections.Concurrent;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>Looks through a model and the models in it. What was learned of a type is kept: endpoints share models.</summary>
internal sealed class ModelGraph(ModelReaders readers)
{
    /// <summary>The nesting that serializers and model binding read by default is no deeper.</summary>
    private const int MaxDepth = 64;

    private const int MaxTypes = 10_000;

    /// <summary>Generic types in generic types: one that holds a larger one of itself has no end.</summary>
    private const int MaxArguments = 8;

    private readonly ConcurrentDictionary<(Type Type, ModelReader Reader), ModelShape> _shapes = new();

    public ModelReaders Readers => readers;

    /// <summary>The member of this name that the caller fills in, or null.</summary>
    public string? FindSource(Type model, string parameter, TenantRoute route, IReadOnlyList<ModelReader> by)
    {
        var seen = new HashSet<(Type, ModelReader)>();
        var open = new Queue<(Type Type, ModelReader Reader, string Path, int Depth)>(by.Select(reader => (model, reader, parameter, 0)));
        while (open.TryDequeue(out var next))
        {
            if (!seen.Add((next.Type, next.Reader)))
            {
                continue;
            }

            if (seen.Count > MaxTypes || next.Depth > MaxDepth || ModelType.IsDeeper(next.Type, MaxArguments))
            {
                return $"its handler takes '{parameter}' ({model.Name}), whose models are more than {MaxTypes}, nested deeper than {MaxDepth}, or generic without end";
            }

            var shape = _shapes.GetOrAdd((next.Type, next.Reader), static (key, readers) => ModelShape.Of(key.Type, key.Reader, readers), readers);
            if (FindPart(shape, next.Type, next.Depth, route) is { } part)
            {
                return $"its handler takes a model with '{next.Path}.{part.Name}' ({next.Type.Name}.{part.Name}), which the caller fills in";
            }

            if (shape.Code is { } code && !route.Accepts(next.Type, code))
            {
                return $"its handler takes a model with '{next.Path}' ({next.Type.Name}), which code of the application ({code}) fills in, "
                    + $"from whatever name it likes: it is answered for as the member \"{code}\" of {next.Type.Name}";
            }

            foreach (var type in shape.StandsFor)
            {
                open.Enqueue((type, shape.Inner, next.Path, next.Depth));
            }

            // The insides of the framework's types are not the application's models.
            foreach (var inner in FrameworkType.Is(next.Type) ? [] : shape.Parts)
            {
                foreach (var reader in inner.Readers)
                {
                    open.Enqueue((inner.Type, reader, $"{next.Path}.{inner.Name}", next.Depth + 1));
                }
            }
        }

        return null;
    }

    private static ModelPart? FindPart(ModelShape shape, Type type, int depth, TenantRoute route) => depth > 0 && FrameworkType.Is(type)
        ? null
        : shape.Parts.FirstOrDefault(part => part.IsCalled(route.Value) && !route.Accepts(type, part.Name) && !route.Accepts(part.Declarer, part.Name));
}
