using System.Runtime.InteropServices;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>A telling name in a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Quote">The quote around it; <c>\0</c> where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PairName(int Start, int End, SecretKind Kind, char Quote);
