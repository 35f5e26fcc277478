namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>What a server does with a call instead of answering it.</summary>
internal enum Cut
{
    None,

    /// <summary>Executes it, and closes with close_notify and FIN.</summary>
    Fin,

    /// <summary>Executes it, and closes with FIN alone, as a process that is killed.</summary>
    RawFin,

    /// <summary>Executes it, and resets the connection.</summary>
    Rst,

    /// <summary>Executes it, and closes within the head of the answer.</summary>
    HalfHead,

    /// <summary>Executes it, and closes within the content of the answer.</summary>
    HalfContent,

    /// <summary>Executes and answers it, and closes at once.</summary>
    AfterAnswer,

    /// <summary>HTTP/2: executes it, and closes with a GOAWAY that says so.</summary>
    GoAwayExecuted,

    /// <summary>HTTP/2: closes with a GOAWAY whose last stream is an earlier one.</summary>
    GoAwayNotExecuted,

    /// <summary>HTTP/2: executes it under a GOAWAY of all streams, as a server that is drained, and resets the connection.</summary>
    DrainRunOut,

    /// <summary>HTTP/2: executes it, and ends the stream with INTERNAL_ERROR.</summary>
    ResetStream,

    /// <summary>HTTP/2: executes it, and ends the stream with HTTP_1_1_REQUIRED.</summary>
    Http11Required,

    /// <summary>HTTP/2: ends the stream with REFUSED_STREAM.</summary>
    RefusedStream,
}
