using System.Text.Json;

namespace Simulation.Nats.JetStream;

/// <summary>Whether a consumer is there, and how many pulls wait at it.</summary>
internal readonly record struct ConsumerPresence(bool IsPresent, long WaitingPulls)
{
    private static readonly ConsumerPresence NothingLearnt = new(IsPresent: true, WaitingPulls: 1);

    /// <summary>Reads the answer to a consumer info request; from another error or an unreadable answer nothing is concluded.</summary>
    public static ConsumerPresence Read(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("error", out JsonElement error))
            {
                return new ConsumerPresence(IsPresent: true, root.Number("num_waiting"));
            }

            return ApiError.Read(error).ErrorCode is ApiError.ConsumerNotFound or ApiError.StreamNotFound ? default : NothingLearnt;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return NothingLearnt;
        }
    }
}
