namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>Why a connection of HTTP/2 ends (RFC 9113 section 7), as far as it is said here.</summary>
internal enum Http2Error
{
    None = 0,

    /// <summary>A frame that may not come, or not there.</summary>
    Protocol = 1,

    /// <summary>A window that would be larger than any may be (section 6.9.1).</summary>
    FlowControl = 3,

    /// <summary>A frame on a stream that the client has ended (section 5.1).</summary>
    StreamClosed = 5,

    /// <summary>A frame whose length is not that of its type (section 4.2).</summary>
    FrameSize = 6,
}
