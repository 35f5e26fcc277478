using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The tenant's columns: what differs in the process differs in the database, character by character.</summary>
internal static class TenancyColumnCheck
{
    // Of varying length: none is padded, folded or read as a number.
    private static readonly HashSet<string> _textTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "text", "ntext", "mediumtext", "longtext", "varchar", "nvarchar", "varchar2", "nvarchar2", "character varying", "char varying",
        "clob", "nclob",
    };

    private static readonly HashSet<string> _exactCollations =
        new(StringComparer.OrdinalIgnoreCase) { "binary", "C", "C.UTF-8", "C.UTF8", "POSIX", "ucs_basic" };

    // These fail where a text is too long for its column; others may cut it short, and so make it another tenant.
    private static readonly string[] _exactLengths = [".Sqlite", ".PostgreSQL", ".SqlServer"];

    internal static IEnumerable<string> Find(IModel model, string? provider) => model.GetEntityTypes()
        .Where(type => type.BaseType is null)
        .Select(type => TenancyMetadata.TenantProperty(type))
        .OfType<IProperty>()
        .Select(property => (Property: property, Fault: FindFault(property, provider)))
        .Where(found => found.Fault is not null)
        .Select(found => $"{found.Property.DeclaringType.DisplayName()}.{found.Property.Name} names the tenant and {found.Fault}");

    private static string? FindFault(IProperty property, string? provider)
    {
        var mapping = property.GetRelationalTypeMapping();
        if (mapping.Converter is { } converter && !TenantIdConverter.IsSame(converter))
        {
            return "has a value converter, by which two tenants could be one: take it away.";
        }

        if (!IsText(mapping.StoreType))
        {
            return $"is kept as {mapping.StoreType}, in which two tenants could be equal: use a text type of varying length.";
        }

        if (property.DeclaringType.FindAnnotation(TenancyMetadata.CollatedAnnotation)?.Value is string collation && !IsExact(collation))
        {
            return $"is compared by the collation {collation}, to which two tenants could be equal: take it away, or name a binary one.";
        }

        return (mapping.Size ?? property.GetMaxLength()) < TenantId.MaxLength
            && !Array.Exists(_exactLengths, exact => provider?.EndsWith(exact, StringComparison.Ordinal) == true)
            ? $"is shorter than a tenant id may be ({TenantId.MaxLength}), and a database that cuts it short makes two tenants "
                + "one: take HasMaxLength away."
            : null;
    }

    private static bool IsText(string storeType)
    {
        var type = storeType.Trim();
        var open = type.IndexOf('(', StringComparison.Ordinal);
        return open < 0
            ? _textTypes.Contains(type)
            : type.EndsWith(')') && _textTypes.Contains(type[..open].TrimEnd()) && IsLength(type[(open + 1)..^1].Trim());
    }

    private static bool IsLength(string text)
    {
        var length = text.Split(' ')[0];
        return text.Equals("max", StringComparison.OrdinalIgnoreCase)
            || (int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && text[length.Length..].Trim().ToUpperInvariant() is "" or "CHAR" or "BYTE");
    }

    private static bool IsExact(string collation) =>
        _exactCollations.Contains(collation)
        || collation.EndsWith("_bin", StringComparison.OrdinalIgnoreCase)
        || collation.EndsWith("_bin2", StringComparison.OrdinalIgnoreCase);
}
