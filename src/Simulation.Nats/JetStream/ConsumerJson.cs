using System.Collections.Immutable;
using System.Text.Json;
using Simulation.JetStream;

namespace Simulation.Nats.JetStream;

/// <summary>Pull consumers in JetStream's JSON.</summary>
internal static class ConsumerJson
{
    /// <param name="json">Where to.</param>
    /// <param name="config">What is asked for.</param>
    /// <param name="durable">False for a consumer that the server forgets when nobody uses it.</param>
    public static void Write(Utf8JsonWriter json, ConsumerConfig config, bool durable)
    {
        json.WriteStartObject();
        json.WriteString("name", config.Name);
        if (durable)
        {
            json.WriteString("durable_name", config.Name);
        }

        if (config.Description is { } description)
        {
            json.WriteString("description", description);
        }

        WriteFilters(json, config.FilterSubjects);
        json.WriteString("deliver_policy", WireNames.Of(config.DeliverPolicy));
        if (config.DeliverPolicy == DeliverPolicy.ByStartSequence)
        {
            json.WriteNumber("opt_start_seq", config.StartSequence);
        }

        json.WriteString("ack_policy", WireNames.Of(config.AckPolicy));
        json.WriteString("replay_policy", "instant");
        if (config.AckPolicy != AckPolicy.None)
        {
            json.WriteDuration("ack_wait", config.BackOff.IsEmpty ? config.AckWait : config.BackOff[0]);
            json.WriteNumber("max_ack_pending", config.MaxAckPending);
        }

        json.WriteNumber("max_deliver", config.MaxDeliver);
        json.WriteNumber("max_waiting", config.MaxWaiting);
        WriteBackOff(json, config.BackOff);
        if (config.InactiveThreshold > TimeSpan.Zero)
        {
            json.WriteDuration("inactive_threshold", config.InactiveThreshold);
        }

        json.WriteBoolean("mem_storage", config.MemoryStorage);
        json.WriteNumber("num_replicas", config.Replicas);
        json.WriteEndObject();
    }

    public static ConsumerInfo Read(JsonElement answer)
    {
        JsonElement delivered = answer.GetProperty("delivered");
        return new ConsumerInfo(
            answer.Text("stream_name") ?? "",
            ReadConfig(answer),
            answer.Time("created"),
            delivered.Sequence("stream_seq"),
            delivered.Sequence("consumer_seq"),
            answer.GetProperty("ack_floor").Sequence("stream_seq"),
            answer.Number("num_ack_pending"),
            answer.Number("num_redelivered"),
            answer.Number("num_waiting"),
            answer.Number("num_pending"),
            StreamJson.Leader(answer));
    }

    private static void WriteFilters(Utf8JsonWriter json, ImmutableArray<string> filters)
    {
        if (filters.Length == 1)
        {
            json.WriteString("filter_subject", filters[0]);
        }
        else if (filters.Length > 1)
        {
            json.WriteTexts("filter_subjects", filters);
        }
    }

    private static void WriteBackOff(Utf8JsonWriter json, ImmutableArray<TimeSpan> backOff)
    {
        if (backOff.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("backoff");
        foreach (TimeSpan pause in backOff)
        {
            json.WriteNumberValue(pause.Ticks * TimeSpan.NanosecondsPerTick);
        }

        json.WriteEndArray();
    }

    private static ConsumerConfig ReadConfig(JsonElement answer)
    {
        JsonElement config = answer.GetProperty("config");
        return new ConsumerConfig
        {
            Name = answer.Text("name") ?? config.Text("durable_name") ?? "",
            Description = config.Text("description"),
            FilterSubjects = ReadFilters(config),
            DeliverPolicy = WireNames.Deliver(config.Text("deliver_policy")),
            StartSequence = config.Sequence("opt_start_seq"),
            AckPolicy = WireNames.Ack(config.Text("ack_policy")),
            AckWait = config.Duration("ack_wait"),
            MaxDeliver = (int)config.Number("max_deliver", -1),
            BackOff = config.TryGetProperty("backoff", out JsonElement backOff)
                ? [.. backOff.EnumerateArray().Select(pause => JsonFields.FromNanoseconds(pause.GetInt64()))]
                : [],
            MaxAckPending = (int)config.Number("max_ack_pending", -1),
            MaxWaiting = (int)config.Number("max_waiting"),
            InactiveThreshold = config.Duration("inactive_threshold"),
            MemoryStorage = config.Flag("mem_storage"),
            Replicas = (int)config.Number("num_replicas"),
        };
    }

    private static ImmutableArray<string> ReadFilters(JsonElement config)
    {
        ImmutableArray<string> several = config.Texts("filter_subjects");
        return several.IsEmpty && config.Text("filter_subject") is { Length: > 0 } one ? [one] : several;
    }
}
