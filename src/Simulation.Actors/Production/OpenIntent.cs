namespace Simulation.Actors;

/// <summary>A message that is to be published, or has been and was not acknowledged yet. Times in microseconds since 1970.</summary>
/// <param name="Partition">Where it goes.</param>
/// <param name="Sequence">Its number there.</param>
/// <param name="ProducerSequence">Its number among its producer's; 0 until the first publish.</param>
/// <param name="Intended">When it should have been sent.</param>
/// <param name="FirstPublished">When it was first published; 0 if it has not been.</param>
/// <param name="Attempts">How often it has been published.</param>
internal readonly record struct OpenIntent(
    int Partition, long Sequence, long ProducerSequence, long Intended, long FirstPublished, int Attempts);
