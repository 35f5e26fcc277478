using Grpc.Core;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>A gRPC service of endless streams, described without a .proto file.</summary>
[BindServiceMethod(typeof(TickServiceBase), nameof(Bind))]
internal abstract class TickServiceBase
{
    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);

    /// <summary>Sends one message and then waits for its end, which it heeds.</summary>
    public static readonly Method<byte[], byte[]> Heeding = New(nameof(HeedAsync), MethodType.ServerStreaming);

    /// <summary>Sends one message, waits for its end, and returns as if it had sent everything.</summary>
    public static readonly Method<byte[], byte[]> Swallowing = New(nameof(SwallowAsync), MethodType.DuplexStreaming);

    /// <summary>Sends one message and heeds nothing but the loss of its connection.</summary>
    public static readonly Method<byte[], byte[]> Deaf = New(nameof(IgnoreAsync), MethodType.ServerStreaming);

    public static void Bind(ServiceBinderBase binder, TickServiceBase? service)
    {
        binder.AddMethod(Heeding, service is null ? null! : new ServerStreamingServerMethod<byte[], byte[]>(service.HeedAsync));
        binder.AddMethod(Swallowing, service is null ? null! : new DuplexStreamingServerMethod<byte[], byte[]>(service.SwallowAsync));
        binder.AddMethod(Deaf, service is null ? null! : new ServerStreamingServerMethod<byte[], byte[]>(service.IgnoreAsync));
    }

    public abstract Task HeedAsync(byte[] request, IServerStreamWriter<byte[]> stream, ServerCallContext context);

    public abstract Task SwallowAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> stream, ServerCallContext context);

    public abstract Task IgnoreAsync(byte[] request, IServerStreamWriter<byte[]> stream, ServerCallContext context);

    private static Method<byte[], byte[]> New(string name, MethodType type) => new(type, "test.Ticks", name, Bytes, Bytes);
}
