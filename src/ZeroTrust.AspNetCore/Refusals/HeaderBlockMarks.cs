namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Finds in a header block what decides the form of an answer and nothing else. The block is not decoded: a refused peer has nothing to say
/// that would be worth a table of its making (RFC 7541 section 2.3.2). A mark that is missed, or put there, gets the peer an answer it
/// cannot read.
/// </summary>
internal static class HeaderBlockMarks
{
    private static ReadOnlySpan<byte> Grpc => "application/grpc"u8;

    // RFC 7541 appendix B: the same in Huffman's code as far as whole bytes go, which is to the last letter.
    private static ReadOnlySpan<byte> CodedGrpc => [0x1d, 0x75, 0xd0, 0x62, 0x0d, 0x26, 0x3d, 0x4c, 0x4d, 0x65, 0x64];

    // gRPC-Web is for browsers, which read the status of HTTP.
    private static ReadOnlySpan<byte> Web => "-web"u8;

    private static ReadOnlySpan<byte> CodedWeb => [0x5b, 0xc1, 0x63];

    // The value of a method with its length, as it is and in Huffman's code.
    private static ReadOnlySpan<byte> Head => [4, (byte)'H', (byte)'E', (byte)'A', (byte)'D'];

    private static ReadOnlySpan<byte> CodedHead => [0x84, 0xc7, 0x82, 0x1b, 0xff];

    public static bool IsGrpc(ReadOnlySpan<byte> block) => Has(block, Grpc, Web) || Has(block, CodedGrpc, CodedWeb);

    public static bool IsHead(ReadOnlySpan<byte> block) => block.IndexOf(Head) >= 0 || block.IndexOf(CodedHead) >= 0;

    private static bool Has(ReadOnlySpan<byte> block, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> butNotBefore) =>
        block.IndexOf(mark) is var at and >= 0 && !block[(at + mark.Length)..].StartsWith(butNotBefore);
}
