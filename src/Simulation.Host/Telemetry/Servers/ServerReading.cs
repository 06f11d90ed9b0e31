using System.Text.Json;

namespace Simulation.Host.Telemetry;

/// <summary>What one nats-server of the run said of itself, and what the operating system says of it.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Starts">How often it was started.</param>
/// <param name="Varz">Its answer to <c>/varz</c>; null when it did not answer.</param>
/// <param name="Jsz">Its answer to <c>/jsz</c>; null when it did not answer.</param>
/// <param name="OpenFiles">File descriptors of its process; null when that is not known.</param>
/// <param name="Threads">Of its process; null when that is not known.</param>
internal sealed record ServerReading(string Server, int Starts, JsonElement? Varz, JsonElement? Jsz, int? OpenFiles, int? Threads);
