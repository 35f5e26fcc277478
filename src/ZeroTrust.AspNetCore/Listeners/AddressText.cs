using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>An address as a message may hold it: without the user and the password that may stand in front of its host.</summary>
internal static class AddressText
{
    private const string SchemeEnd = "://";

    /// <summary>Of several addresses in one text, in which a password may hold what divides them, what follows the last user is left.</summary>
    public static string WithoutUser(string address)
    {
        var host = address.LastIndexOf('@') + 1;
        if (host == 0)
        {
            return LogText.Detail(address);
        }

        var scheme = address.IndexOf(SchemeEnd, StringComparison.Ordinal);
        var start = scheme > 0 && address.AsSpan(0, scheme).IndexOfAnyExceptInRange('a', 'z') < 0 ? address[..scheme] + SchemeEnd : "";
        return LogText.Detail($"{start}…@{address[host..]}");
    }
}
