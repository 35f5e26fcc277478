namespace ZeroTrust.Npgsql.Audit;

/// <summary>Comparisons of PostgreSQL that fail on no stored value, and that it does not mark as leakproof.</summary>
/// <remarks>
/// By its sources (15 to 17): <c>numeric.c</c> (<c>cmp_numerics</c>), <c>enum.c</c> (<c>enum_cmp_internal</c>, whose only error is a label
/// that is not in <c>pg_enum</c>), <c>jsonb_util.c</c> (<c>compareJsonbContainers</c>, which does not recurse), <c>date.c</c> and
/// <c>timestamp.c</c> (comparisons across types: an overflow is an answer, <c>..._opt_overflow</c>). Not <c>tsquery</c>, which is
/// limited by the stack, nor arrays, ranges and rows, which compare by functions of their elements.
/// </remarks>
internal static class SilentComparisons
{
    private static readonly string[] Signs = ["eq", "ne", "lt", "le", "gt", "ge"];
    private static readonly string[] Types = ["numeric", "enum", "jsonb"];
    private static readonly string[] Times = ["date", "timestamp", "timestamptz"];

    internal static readonly string[] Names =
    [
        .. Types.SelectMany(_ => Signs, (type, sign) => $"{type}_{sign}"),
        .. from left in Times
           from sign in Signs
           from right in Times
           where left != right
           select $"{left}_{sign}_{right}",
    ];
}
