namespace Simulation.Kernel;

/// <summary>The result of what has none, for example in <c>Promise&lt;Unit&gt;</c>.</summary>
public readonly struct Unit;
