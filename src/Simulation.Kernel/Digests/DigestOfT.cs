using System.Linq.Expressions;

namespace Simulation.Kernel;

/// <summary>How to digest what is declared as <typeparamref name="T"/>, which may turn out to be something more special. Compiled at its first use.</summary>
internal static class Digest<T>
{
    internal static readonly Func<T, ulong> Of = DigestPlan.Compile<T>(DigestPlan.OfDeclared);
}

/// <summary>How to digest what is exactly a <typeparamref name="T"/>.</summary>
internal static class ExactDigest<T>
{
    internal static readonly Func<T, ulong> Of = DigestPlan.Compile<T>(DigestPlan.OfExact);
}
