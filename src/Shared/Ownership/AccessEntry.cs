using System.Globalization;

namespace ZeroTrust.Shared;

/// <summary>A user or group that an access control list names, and what the list leaves it.</summary>
/// <param name="IsGroup">Whether it is a group.</param>
/// <param name="Name">Its number, or what a file server calls it.</param>
/// <param name="CanWrite">Whether it can write.</param>
internal sealed record AccessEntry(bool IsGroup, string Name, bool CanWrite)
{
    /// <summary>Its number; null where there is a name alone.</summary>
    public uint? Number => uint.TryParse(Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public override string ToString() => $"the {(IsGroup ? "group" : "user")} {LogText.Detail(Name)}";
}
