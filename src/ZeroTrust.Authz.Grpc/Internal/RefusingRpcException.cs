using Grpc.Core;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>A refusal this workload answers with. One that came from another server has the same trailers and is not of this type.</summary>
internal sealed class RefusingRpcException(RpcException refusal) : RpcException(refusal.Status, refusal.Trailers);
