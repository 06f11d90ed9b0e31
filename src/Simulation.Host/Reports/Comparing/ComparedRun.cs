namespace Simulation.Host.Reports.Comparing;

/// <summary>One of two runs.</summary>
/// <param name="Report">What is known of it.</param>
/// <param name="Steady">Its time with nothing broken.</param>
internal sealed record ComparedRun(RunReport Report, SteadyBlocks Steady);
