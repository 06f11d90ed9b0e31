using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Simulation.Partitioning;

namespace Simulation.Actors;

/// <summary>Commands and events between processes, one line of JSON each: the type's name and its body.</summary>
public static class OutpostWire
{
    private static readonly FrozenDictionary<string, Type> Types = new[]
    {
        typeof(StartParticipant), typeof(StopParticipant), typeof(PassToParticipant),
        typeof(ParticipantTold), typeof(ParticipantAnswered), typeof(ParticipantEnded),
        typeof(LeaveGroup), typeof(BehaveNormally), typeof(SlowWorker), typeof(LoseAcks), typeof(JumpClock), typeof(PublishDuplicate), typeof(Undo),
        typeof(ServePartitions), typeof(StartSending), typeof(SendToPartitions), typeof(StopSending),
        typeof(JoinedGroup), typeof(PartitionsOwned), typeof(LeaderElected), typeof(RebalanceStarted), typeof(RebalanceCompleted),
        typeof(ProducerReady), typeof(SendsToPartitions), typeof(ProducerSettled), typeof(StorageExhausted),
    }.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new TaggedConverter<object>(), new TaggedConverter<ParticipantFault>(), new MemberIdConverter() },
    };

    public static string Write(object message) => JsonSerializer.Serialize(message, typeof(object), Options);

    /// <exception cref="JsonException">It is none of ours.</exception>
    public static T Read<T>(string line) => (T)JsonSerializer.Deserialize(line, typeof(object), Options)!;

    /// <summary>Wherever the static type does not say what comes.</summary>
    private sealed class TaggedConverter<T> : JsonConverter<T> where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonProperty tagged = document.RootElement.EnumerateObject().First();
            return Types.TryGetValue(tagged.Name, out Type? type)
                ? (T)tagged.Value.Deserialize(type, options)!
                : throw new JsonException($"Nobody knows a message {tagged.Name}.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            Type type = value.GetType();
            if (!Types.ContainsKey(type.Name))
            {
                throw new JsonException($"A message {type.Name} does not go between processes.");
            }

            writer.WriteStartObject();
            writer.WritePropertyName(type.Name);
            JsonSerializer.Serialize(writer, value, type, options);
            writer.WriteEndObject();
        }
    }

    private sealed class MemberIdConverter : JsonConverter<MemberId>
    {
        public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
    }
}
