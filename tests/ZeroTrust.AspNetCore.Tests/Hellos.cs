namespace ZeroTrust.AspNetCore.Tests;

/// <summary>ClientHellos with what a test says and nothing else (RFC 8446 section 4.1.2).</summary>
internal static class Hellos
{
    public static byte[] Make(ushort[] versions, ushort[] suites, ushort[]? groups = null, string[]? alpn = null)
    {
        List<byte> extensions = [];
        if (versions.Length > 0)
        {
            Extend(extensions, 43, [(byte)(versions.Length * 2), .. Flat(versions)]);
        }

        if (groups is not null)
        {
            Extend(extensions, 10, Counted([.. Flat(groups)]));
        }

        if (alpn is not null)
        {
            Extend(extensions, 16, Counted([.. alpn.SelectMany(name => System.Text.Encoding.ASCII.GetBytes(name).Prepend((byte)name.Length))]));
        }

        byte[] body = [3, 3, .. new byte[32], 0, .. Counted([.. Flat(suites)]), 1, 0, .. Counted([.. extensions])];
        byte[] message = [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        return [22, 3, 1, .. Counted(message)];
    }

    private static IEnumerable<byte> Flat(IEnumerable<ushort> values) => values.SelectMany(value => (byte[])[(byte)(value >> 8), (byte)value]);

    private static byte[] Counted(byte[] content) => [(byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static void Extend(List<byte> extensions, byte type, byte[] data) => extensions.AddRange([0, type, .. Counted(data)]);
}
