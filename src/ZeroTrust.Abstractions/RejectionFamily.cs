using System.Collections.Frozen;
using System.Text;

namespace ZeroTrust;

/// <summary>Turns the members of one package's reason enum into <see cref="Rejection"/>s with stable codes.</summary>
/// <typeparam name="TReason">The enum; its zero member is <c>Unspecified</c>.</typeparam>
/// <remarks>The code is the prefix, a dot and the member's name in snake_case; it never changes once published.</remarks>
public sealed class RejectionFamily<TReason>
    where TReason : struct, Enum
{
    private readonly FrozenDictionary<TReason, (string Code, RejectionKind Kind)> _members;
    private readonly string _prefix;

    /// <summary>Creates the table once; keep it in a static readonly field.</summary>
    /// <param name="prefix">The package's code prefix, for example <c>mtls</c>.</param>
    /// <param name="kindOf">The family of each reason.</param>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> is null or empty.</exception>
    public RejectionFamily(string prefix, Func<TReason, RejectionKind> kindOf)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        ArgumentNullException.ThrowIfNull(kindOf);
        _prefix = prefix;
        _members = Enum.GetValues<TReason>().ToFrozenDictionary(reason => reason, reason => (Spell(prefix, reason), kindOf(reason)));
    }

    /// <summary>A rejection for this reason.</summary>
    /// <param name="reason">A declared member.</param>
    /// <param name="detail">What was found, for the operator's log only.</param>
    public Rejection Refuse(TReason reason, string detail) => new(CodeOf(reason), detail, KindOf(reason));

    /// <summary>The stable code of a reason; an undeclared value reads as unspecified.</summary>
    /// <param name="reason">A member.</param>
    public string CodeOf(TReason reason) =>
        _members.TryGetValue(reason, out var member) ? member.Code : _prefix + ".unspecified";

    /// <summary>The family of a reason; an undeclared value is <see cref="RejectionKind.Unspecified"/>.</summary>
    /// <param name="reason">A member.</param>
    public RejectionKind KindOf(TReason reason) =>
        _members.TryGetValue(reason, out var member) ? member.Kind : RejectionKind.Unspecified;

    private static string Spell(string prefix, TReason reason)
    {
        var code = new StringBuilder(prefix).Append('.');
        var name = reason.ToString();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                code.Append('_');
            }

            code.Append(char.ToLowerInvariant(name[i]));
        }

        return code.ToString();
    }
}
