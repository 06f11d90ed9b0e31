using System.Reflection;
using Simulation.Testing;
using Xunit.Sdk;

namespace Simulation.Kernel.Tests;

/// <summary>Runs a theory once in each world.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InBothWorldsAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[World.Real], [World.Virtual]];
}
