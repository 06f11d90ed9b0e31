using Simulation.Host.CommandLine;
using Simulation.Host.Run;

return (int)await new Application(Surroundings.OfThisProcess(new RunComposition())).RunAsync(args);
