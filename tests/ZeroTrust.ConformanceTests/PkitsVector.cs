namespace ZeroTrust.ConformanceTests;

/// <summary>A vector as the PKITS files spell it.</summary>
internal sealed record PkitsVector
{
    public string Name { get; init; } = "";

    public string[]? CertPath { get; init; }

    public string[]? CRLPath { get; init; }

    public bool? ShouldValidate { get; init; }

    public string[]? InitialPolicySet { get; init; }

    public bool InitialPolicyMappingInhibit { get; init; }

    public bool InitialExplicitPolicy { get; init; }

    public bool InitialAnyPolicyInhibit { get; init; }
}
