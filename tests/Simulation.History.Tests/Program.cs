using Simulation.History.Tests.Logs;

// The test assembly is also the process that the kill test kills.
return KilledWriter.Run(args);
