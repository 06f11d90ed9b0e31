using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Simulation.Partitioning.Tests")]
