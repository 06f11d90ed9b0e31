using Simulation.History;
using Simulation.JetStream;

namespace Simulation.Actors;

/// <summary>A delivery that a worker has received and not yet settled.</summary>
/// <param name="Delivery">To acknowledge and dispose.</param>
/// <param name="Message">Which message it is.</param>
/// <param name="ReceivedAt">Since the start of the system.</param>
internal readonly record struct HeldDelivery(Delivery Delivery, MessageId Message, TimeSpan ReceivedAt);
