using System.Text.Json;
using Simulation.JetStream;

namespace Simulation.Nats.JetStream;

/// <summary>Streams in JetStream's JSON. Only fields that server 2.9 knows are written, because 2.15 refuses strangers.</summary>
internal static class StreamJson
{
    public static void Write(Utf8JsonWriter json, StreamConfig config)
    {
        json.WriteStartObject();
        json.WriteString("name", config.Name);
        if (config.Description is { } description)
        {
            json.WriteString("description", description);
        }

        json.WriteTexts("subjects", config.Subjects);
        json.WriteString("storage", WireNames.Of(config.Storage));
        json.WriteString("retention", WireNames.Of(config.Retention));
        json.WriteString("discard", WireNames.Of(config.Discard));
        json.WriteNumber("num_replicas", config.Replicas);
        json.WriteNumber("max_msgs", config.MaxMessages);
        json.WriteNumber("max_bytes", config.MaxBytes);
        json.WriteDuration("max_age", config.MaxAge);
        json.WriteNumber("max_msgs_per_subject", config.MaxMessagesPerSubject);
        json.WriteNumber("max_msg_size", config.MaxMessageSize);
        json.WriteNumber("max_consumers", config.MaxConsumers);
        json.WriteDuration("duplicate_window", DuplicateWindow(config));
        json.WriteBoolean("allow_rollup_hdrs", config.AllowRollup);
        json.WriteBoolean("deny_delete", config.DenyDelete);
        json.WriteBoolean("allow_direct", config.AllowDirect);
        json.WriteEndObject();
    }

    public static StreamInfo Read(JsonElement answer)
    {
        JsonElement config = answer.GetProperty("config");
        JsonElement state = answer.GetProperty("state");
        return new StreamInfo(
            ReadConfig(config),
            answer.Time("created"),
            state.Number("messages"),
            state.Number("bytes"),
            state.Sequence("first_seq"),
            state.Sequence("last_seq"),
            (int)state.Number("consumer_count"),
            Leader(answer));
    }

    public static string? Leader(JsonElement answer) =>
        answer.TryGetProperty("cluster", out JsonElement cluster) && cluster.TryGetProperty("name", out _) ? cluster.Text("leader") : null;

    /// <summary>The server refuses a duplicate window that outlives the messages; a window left at its default follows their age.</summary>
    private static TimeSpan DuplicateWindow(StreamConfig config)
    {
        bool outlivesMessages = config.MaxAge > TimeSpan.Zero && config.DuplicateWindow > config.MaxAge;
        return outlivesMessages && config.DuplicateWindow == DefaultDuplicateWindow ? config.MaxAge : config.DuplicateWindow;
    }

    private static readonly TimeSpan DefaultDuplicateWindow = new StreamConfig { Name = "" }.DuplicateWindow;

    private static StreamConfig ReadConfig(JsonElement config) => new()
    {
        Name = config.Text("name") ?? "",
        Subjects = config.Texts("subjects"),
        Description = config.Text("description"),
        Storage = WireNames.Storage(config.Text("storage")),
        Retention = WireNames.Retention(config.Text("retention")),
        Discard = WireNames.Discard(config.Text("discard")),
        Replicas = (int)config.Number("num_replicas", 1),
        MaxMessages = config.Number("max_msgs", -1),
        MaxBytes = config.Number("max_bytes", -1),
        MaxAge = config.Duration("max_age"),
        MaxMessagesPerSubject = config.Number("max_msgs_per_subject", -1),
        MaxMessageSize = (int)config.Number("max_msg_size", -1),
        MaxConsumers = (int)config.Number("max_consumers", -1),
        DuplicateWindow = config.Duration("duplicate_window"),
        AllowRollup = config.Flag("allow_rollup_hdrs"),
        DenyDelete = config.Flag("deny_delete"),
        AllowDirect = config.Flag("allow_direct"),
    };
}
