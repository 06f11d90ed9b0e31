using Simulation.History;
using Simulation.Host.Reports;

namespace Simulation.Host.Thresholds;

/// <summary>One second, as a threshold sees it.</summary>
/// <param name="Second">What the logs tell.</param>
/// <param name="Process">What the process knew; null when no sample was taken.</param>
/// <param name="Cpu">Processors used; null when that is not known.</param>
internal readonly record struct SecondView(RunSecond Second, ProcessSample? Process, double? Cpu);
