using Simulation.History;

namespace Simulation.Host.Reports;

/// <summary>One second, as reports and thresholds see it.</summary>
/// <param name="Second">What the logs tell.</param>
/// <param name="Process">What the process knew; null when no sample was taken.</param>
/// <param name="Cpu">Processors used; null when that is not known.</param>
internal readonly record struct SecondView(RunSecond Second, ProcessSample? Process, double? Cpu);
