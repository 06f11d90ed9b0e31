using System.Collections.Immutable;

namespace Simulation.Host.Processes;

/// <summary>The first line that a process with participants reads: what its command line does not tell.</summary>
/// <param name="RunId">Of the run.</param>
/// <param name="History">Folder of the logs.</param>
/// <param name="Url">Of the servers.</param>
/// <param name="LogFile">For what it has to say itself.</param>
/// <param name="StreamMayBeFull">As of <see cref="Actors.StreamOptions.MayBeFull"/>.</param>
/// <param name="MostPartitions">That there will be at any time.</param>
/// <param name="Detours">Where a participant (first) connects instead of a server (second): the proxies at which networks are disturbed.</param>
internal sealed record ProcessIntroduction(
    string RunId, string History, string Url, string LogFile, bool StreamMayBeFull, int MostPartitions, ImmutableArray<ProcessDetour> Detours);

internal sealed record ProcessDetour(string Participant, string Server, string Instead);
