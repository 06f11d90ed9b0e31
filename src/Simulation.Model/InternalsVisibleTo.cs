using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Simulation.Model.Tests")]
