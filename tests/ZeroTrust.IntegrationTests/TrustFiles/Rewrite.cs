namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>How a file is written over the one in use.</summary>
internal enum Rewrite
{
    /// <summary>Into the file, which keeps what it was longer by.</summary>
    LeavingTail,

    /// <summary>Byte by byte.</summary>
    Slowly,

    /// <summary>In three pieces, each of which reaches the disk.</summary>
    InPieces,

    /// <summary>Under another name, which is then given away.</summary>
    ByRename,

    /// <summary>In a new folder that a link is turned to, as in a volume of Kubernetes.</summary>
    ByLink,

    /// <summary>Emptied, and later written.</summary>
    ByTruncating,

    /// <summary>Emptied, and written as far as the disk has room.</summary>
    OnFullDisk,
}
