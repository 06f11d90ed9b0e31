namespace Simulation.Host.Processes;

/// <summary>The first line that a process with participants reads: what its command line does not tell.</summary>
/// <param name="RunId">Of the run.</param>
/// <param name="History">Folder of the logs.</param>
/// <param name="Url">Of the servers.</param>
/// <param name="LogFile">For what it has to say itself.</param>
/// <param name="StreamMayBeFull">As of <see cref="Actors.StreamOptions.MayBeFull"/>.</param>
internal sealed record ProcessIntroduction(string RunId, string History, string Url, string LogFile, bool StreamMayBeFull);
