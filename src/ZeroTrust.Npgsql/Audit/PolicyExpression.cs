using System.Collections.Frozen;
using System.Globalization;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the stored expression of a policy gives values of rows to.</summary>
/// <remarks>
/// A restrictive policy may be evaluated before the tenant's: a function that is given a value then tells it by an error, a notice or its
/// time. Read from the tree that PostgreSQL stores (<c>pg_node_tree</c>), where the operators and casts have been looked up. What is not
/// known to call nothing is taken for a call, as PostgreSQL's own <c>contain_leaked_vars</c> does.
/// </remarks>
internal sealed class PolicyExpression
{
    private static readonly FrozenSet<string> Values = Set("VAR", "CASETESTEXPR");

    // As PostgreSQL 15 names them, and 16 and later.
    private static readonly FrozenSet<string> Inert = Set(
        "BOOLEXPR", "RELABELTYPE", "COLLATE", "COLLATEEXPR", "CASE", "CASEEXPR", "WHEN", "CASEWHEN", "ARRAY", "ARRAYEXPR", "ROW", "ROWEXPR",
        "COALESCE", "COALESCEEXPR", "NULLTEST", "BOOLEANTEST", "FIELDSELECT");

    private static readonly FrozenSet<string> Operators = Set("OPEXPR", "DISTINCTEXPR", "NULLIFEXPR", "SCALARARRAYOPEXPR");

    private readonly HashSet<uint> _operatorIds = [];
    private readonly HashSet<uint> _functionIds = [];
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);

    internal IReadOnlySet<uint> OperatorIds => _operatorIds;

    internal IReadOnlySet<uint> FunctionIds => _functionIds;

    /// <summary>Other nodes over a value: sub-selects, conversions by text, XML, JSON.</summary>
    internal IReadOnlySet<string> Nodes => _nodes;

    internal static PolicyExpression Parse(string tree)
    {
        var expression = new PolicyExpression();
        var open = new Stack<Node>();
        for (var i = 0; i < tree.Length; i++)
        {
            switch (tree[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    open.Push(new Node(Word(tree, i + 1)));
                    break;
                case '}':
                    expression.Close(open);
                    break;
                case ':' when open.TryPeek(out var node) && Word(tree, i + 1) is "opno" or "funcid":
                    node.Called ??= Number(tree, i);
                    break;
                default:
                    break;
            }
        }

        return open.Count == 0 ? expression : throw new FormatException("The tree of a policy is not closed.");
    }

    private void Close(Stack<Node> open)
    {
        var node = open.Pop();
        if (Values.Contains(node.Name))
        {
            node.HasValue = true;
        }
        else if (node.HasValue && !Inert.Contains(node.Name))
        {
            Add(node);
        }

        if (node.HasValue && open.TryPeek(out var outer))
        {
            outer.HasValue = true;
        }
    }

    private void Add(Node node)
    {
        if (node.Called is { } called && Operators.Contains(node.Name))
        {
            _operatorIds.Add(called);
        }
        else if (node is { Called: { } function, Name: "FUNCEXPR" })
        {
            _functionIds.Add(function);
        }
        else
        {
            _nodes.Add(node.Name);
        }
    }

    private static string Word(string tree, int start)
    {
        var end = start;
        while (end < tree.Length && (char.IsAsciiLetterOrDigit(tree[end]) || tree[end] == '_'))
        {
            end++;
        }

        return tree[start..end];
    }

    private static uint? Number(string tree, int field)
    {
        var space = tree.IndexOf(' ', field);
        return space >= 0 && uint.TryParse(Word(tree, space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);

    private sealed class Node(string name)
    {
        internal string Name => name;

        internal uint? Called { get; set; }

        internal bool HasValue { get; set; }
    }
}
