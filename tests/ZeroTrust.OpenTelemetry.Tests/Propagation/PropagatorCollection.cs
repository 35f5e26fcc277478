namespace ZeroTrust.OpenTelemetry.Tests.Propagation;

/// <summary>Tests that depend on the propagators, which are process-wide: no other test runs beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class PropagatorCollection;
