namespace Simulation.Model;

/// <summary>Whoever could answer cannot get a majority to agree: the request is neither done nor refused.</summary>
internal sealed class NoAnswerException() : Exception("There is a leader without a quorum; it keeps silent.");
