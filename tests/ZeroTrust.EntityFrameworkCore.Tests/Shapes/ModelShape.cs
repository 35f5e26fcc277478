using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>
/// A model, what tenant a does with it, and what the host says instead of starting where it leaves a way round the tenant.
/// </summary>
public sealed record ModelShape(string Name, string Expected, Type[] Types, Action<ModelBuilder, ShapedDb> Shape)
{
    /// <summary>What a convention of the application does once the model is shaped.</summary>
    public Action<IConventionModelBuilder>? Finish { get; init; }

    /// <summary>What is in the database before, beside the tables.</summary>
    public string[] Seed { get; init; } = [];

    public string[] SqliteSeed { get; init; } = [];

    public string[] PostgresSeed { get; init; } = [];

    /// <summary>SQLite has nothing of the kind.</summary>
    public bool IsOfPostgres { get; init; }

    /// <summary>What a does, and what it is answered.</summary>
    public Func<ShapedDb, string> Attack { get; init; } = _ => "";

    /// <summary>A query past every guard whose rows change when the attack succeeds; empty where it reads.</summary>
    public string Watched { get; init; } = "SELECT 1";

    public override string ToString() => Name;
}
