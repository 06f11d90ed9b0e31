using Simulation.Persistence.Tests.Crashes;

// The test assembly is also the process that the crash tests kill.
return await KilledPersister.RunAsync(args);
