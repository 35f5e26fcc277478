using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Names as databases compare them: some without case, some by their first bytes alone, some without schemas.</summary>
internal sealed class StoreNames(IReadOnlyModel model, string? provider)
{
    private readonly int _maxLength = model.GetMaxIdentifierLength();
    private readonly bool _hasSchemas = provider?.EndsWith(".Sqlite", StringComparison.Ordinal) != true;

    /// <summary>What is equal for two tables that may be one.</summary>
    internal (string Schema, string Table) Of(ITable table) =>
        (_hasSchemas ? DefaultOrSchema(table.Schema) : string.Empty, Of(table.Name));

    internal string Of(string name) => Clip(name).ToUpperInvariant();

    private string DefaultOrSchema(string? schema) => schema?.ToUpperInvariant() switch
    {
        null or "PUBLIC" or "DBO" or "MAIN" => string.Empty,
        _ => Of(schema),
    };

    // PostgreSQL counts bytes, and cuts between characters.
    private string Clip(string name)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > _maxLength)
            {
                return name[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return name;
    }
}
