namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// The frames of RFC 9113 section 6 that are read or written here. Any other number is a frame to pass over (section 4.1).
/// </summary>
internal enum Http2FrameType
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    ResetStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}
