using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats.Connection;
using Simulation.Nats.Protocol;

namespace Simulation.Nats.JetStream;

/// <summary>JetStream's management requests, and what they mean on each server version.</summary>
internal sealed class JetStreamApi(NatsConnection connection, Requests requests, TimeSpan timeout)
{
    private const string Prefix = "$JS.API.";
    private static readonly Version SeveralFilters = new(2, 10);

    public async ActorTask<AccountLimits> GetAccountAsync()
    {
        using JsonDocument answer = await AskAsync("INFO", null);
        JsonElement account = RequireSuccess("account info", answer);
        JsonElement limits = account.GetProperty("limits");
        return new AccountLimits(
            limits.Number("max_memory", -1), limits.Number("max_storage", -1), limits.Number("max_streams", -1), limits.Number("max_consumers", -1),
            account.Number("memory"), account.Number("storage"), account.Number("streams"), account.Number("consumers"));
    }

    public async ActorTask<StreamInfo> PutStreamAsync(string verb, StreamConfig config)
    {
        Subjects.RequireName(config.Name, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.{verb}.{config.Name}", json => StreamJson.Write(json, config));
        return StreamJson.Read(RequireSuccess($"{verb} stream {config.Name}", answer));
    }

    public async ActorTask<StreamInfo?> GetStreamAsync(string stream)
    {
        Subjects.RequireName(stream, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.INFO.{stream}", null);
        return Found($"info of stream {stream}", answer, ApiError.StreamNotFound) is { } info ? StreamJson.Read(info) : null;
    }

    public async ActorTask<bool> DeleteStreamAsync(string stream)
    {
        Subjects.RequireName(stream, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.DELETE.{stream}", null);
        return Found($"delete stream {stream}", answer, ApiError.StreamNotFound) is not null;
    }

    public async ActorTask<long> PurgeStreamAsync(string stream, string? subjectFilter)
    {
        Subjects.RequireName(stream, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.PURGE.{stream}", subjectFilter is null ? null : json =>
        {
            json.WriteStartObject();
            json.WriteString("filter", subjectFilter);
            json.WriteEndObject();
        });
        return RequireSuccess($"purge stream {stream}", answer).Number("purged");
    }

    public ActorTask<ImmutableArray<StreamInfo>> ListStreamsAsync() => ListAsync("STREAM.LIST", "streams", StreamJson.Read);

    public ActorTask<ImmutableArray<ConsumerInfo>> ListConsumersAsync(string stream)
    {
        Subjects.RequireName(stream, "stream");
        return ListAsync($"CONSUMER.LIST.{stream}", "consumers", ConsumerJson.Read);
    }

    /// <summary>Makes a durable consumer; one that is there already with another configuration is an error, on every server version.</summary>
    public async ActorTask<ConsumerInfo> CreateConsumerAsync(string stream, ConsumerConfig config)
    {
        RequireSupport(stream, config);
        if (!KnowsActions && await GetConsumerAsync(stream, config.Name) is { } present && !AskedFor(config, present.Config))
        {
            throw new JetStreamApiException($"create consumer {stream}/{config.Name}", 400, ApiError.ConsumerExists, "consumer already exists");
        }

        ConsumerInfo made = await PutConsumerAsync(stream, config, "create", durable: true);
        if (!SameFilters(config, made.Config))
        {
            await DeleteConsumerAsync(stream, config.Name);
            throw IgnoredFilters(stream, config);
        }

        return made;
    }

    public async ActorTask<ConsumerInfo> UpdateConsumerAsync(string stream, ConsumerConfig config)
    {
        RequireSupport(stream, config);
        if (!KnowsActions && await GetConsumerAsync(stream, config.Name) is null)
        {
            throw new JetStreamApiException($"update consumer {stream}/{config.Name}", 400, ApiError.ConsumerDoesNotExist, "consumer does not exist");
        }

        ConsumerInfo updated = await PutConsumerAsync(stream, config, "update", durable: true);
        return SameFilters(config, updated.Config) ? updated : throw IgnoredFilters(stream, config);
    }

    /// <summary>Makes a consumer that the server forgets by itself.</summary>
    public ActorTask<ConsumerInfo> CreateEphemeralAsync(string stream, ConsumerConfig config) =>
        PutConsumerAsync(stream, config, "create", durable: false);

    public async ActorTask<ConsumerInfo?> GetConsumerAsync(string stream, string consumer)
    {
        RequireNames(stream, consumer);
        using JsonDocument answer = await AskAsync($"CONSUMER.INFO.{stream}.{consumer}", null);
        JsonElement? info = Found($"info of consumer {stream}/{consumer}", answer, ApiError.ConsumerNotFound, ApiError.StreamNotFound);
        return info is { } found ? ConsumerJson.Read(found) : null;
    }

    public async ActorTask<bool> DeleteConsumerAsync(string stream, string consumer)
    {
        RequireNames(stream, consumer);
        using JsonDocument answer = await AskAsync($"CONSUMER.DELETE.{stream}.{consumer}", null);
        return Found($"delete consumer {stream}/{consumer}", answer, ApiError.ConsumerNotFound, ApiError.StreamNotFound) is not null;
    }

    /// <summary>Asks for the deletion and does not wait to hear of it.</summary>
    public void ForgetConsumer(string stream, string consumer) =>
        connection.TryPublish(Encoding.UTF8.GetBytes($"{Prefix}CONSUMER.DELETE.{stream}.{consumer}"), default, default, default);

    public ActorTask<StoredMessage?> GetMessageAsync(string stream, ulong sequence) =>
        GetStoredAsync(stream, json => json.WriteNumber("seq", sequence));

    public ActorTask<StoredMessage?> GetLastMessageAsync(string stream, string subject) =>
        GetStoredAsync(stream, json => json.WriteString("last_by_subj", subject));

    public async ActorTask<bool> DeleteMessageAsync(string stream, ulong sequence)
    {
        Subjects.RequireName(stream, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.MSG.DELETE.{stream}", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("seq", sequence);
            json.WriteBoolean("no_erase", true);
            json.WriteEndObject();
        });
        return Found($"delete message {sequence} of {stream}", answer, ApiError.MessageNotFound, ApiError.SequenceNotFound) is not null;
    }

    /// <summary>Before 2.10 a server takes "create" for "create or update", and ignores all but one filter without a word.</summary>
    private bool KnowsActions => connection.Server.ParsedVersion >= SeveralFilters;

    private async ActorTask<ConsumerInfo> PutConsumerAsync(string stream, ConsumerConfig config, string action, bool durable)
    {
        RequireNames(stream, config.Name);
        string filter = config.FilterSubjects.Length == 1 ? "." + config.FilterSubjects[0] : "";
        using JsonDocument answer = await AskAsync($"CONSUMER.CREATE.{stream}.{config.Name}{filter}", json =>
        {
            json.WriteStartObject();
            json.WriteString("stream_name", stream);
            if (KnowsActions)
            {
                json.WriteString("action", action);
            }

            json.WritePropertyName("config");
            ConsumerJson.Write(json, config, durable);
            json.WriteEndObject();
        });
        return ConsumerJson.Read(RequireSuccess($"{action} consumer {stream}/{config.Name}", answer));
    }

    private async ActorTask<StoredMessage?> GetStoredAsync(string stream, Action<Utf8JsonWriter> which)
    {
        Subjects.RequireName(stream, "stream");
        using JsonDocument answer = await AskAsync($"STREAM.MSG.GET.{stream}", json =>
        {
            json.WriteStartObject();
            which(json);
            json.WriteEndObject();
        });
        if (Found($"get message of {stream}", answer, ApiError.MessageNotFound) is not { } found)
        {
            return null;
        }

        JsonElement message = found.GetProperty("message");
        byte[] headers = message.TryGetProperty("hdrs", out JsonElement block) ? block.GetBytesFromBase64() : [];
        byte[] payload = message.TryGetProperty("data", out JsonElement data) ? data.GetBytesFromBase64() : [];
        return new StoredMessage(
            message.Text("subject") ?? "", message.Sequence("seq"), message.Time("time"), payload, StatusLine.HeadersOf(headers).ToArray());
    }

    /// <summary>Lists come in pages.</summary>
    private async ActorTask<ImmutableArray<T>> ListAsync<T>(string operation, string field, Func<JsonElement, T> read)
    {
        var all = ImmutableArray.CreateBuilder<T>();
        while (true)
        {
            int offset = all.Count;
            using JsonDocument answer = await AskAsync(operation, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("offset", offset);
                json.WriteEndObject();
            });
            JsonElement page = RequireSuccess(operation, answer);
            if (page.TryGetProperty(field, out JsonElement items) && items.ValueKind == JsonValueKind.Array)
            {
                all.AddRange(items.EnumerateArray().Select(read));
            }

            if (all.Count == offset || all.Count >= page.Number("total"))
            {
                return all.ToImmutable();
            }
        }
    }

    private async ActorTask<JsonDocument> AskAsync(string operation, Action<Utf8JsonWriter>? write)
    {
        var body = new ArrayBufferWriter<byte>();
        if (write is not null)
        {
            using var json = new Utf8JsonWriter(body);
            write(json);
        }

        byte[] answer = await requests.SendAsync(Encoding.UTF8.GetBytes(Prefix + operation), body.WrittenSpan, timeout);
        try
        {
            return JsonDocument.Parse(answer);
        }
        catch (JsonException error)
        {
            throw new JetStreamUnavailableException($"{operation}: the answer is not JSON", error);
        }
    }

    private static JsonElement RequireSuccess(string operation, JsonDocument answer) =>
        Found(operation, answer) ?? throw new InvalidOperationException("Without codes to forgive, there is an answer or an exception.");

    /// <returns>The answer, or null when it is one of these errors; every other error throws.</returns>
    private static JsonElement? Found(string operation, JsonDocument answer, params ReadOnlySpan<int> meansNone)
    {
        if (!answer.RootElement.TryGetProperty("error", out JsonElement element))
        {
            return answer.RootElement;
        }

        ApiError error = ApiError.Read(element);
        if (meansNone.Contains(error.ErrorCode))
        {
            return null;
        }

        throw error.MeansUnavailable
            ? new JetStreamUnavailableException($"{operation}: {error.Description} ({error.ErrorCode})")
            : new JetStreamApiException(operation, error.Code, error.ErrorCode, error.Description);
    }

    private static void RequireNames(string stream, string consumer)
    {
        Subjects.RequireName(stream, "stream");
        Subjects.RequireName(consumer, "consumer");
    }

    private void RequireSupport(string stream, ConsumerConfig config)
    {
        if (config.FilterSubjects.Length > 1 && connection.Server.ParsedVersion < SeveralFilters)
        {
            throw IgnoredFilters(stream, config);
        }
    }

    private JetStreamApiException IgnoredFilters(string stream, ConsumerConfig config) => new(
        $"consumer {stream}/{config.Name}", 400, 0, string.Create(
            CultureInfo.InvariantCulture, $"server {connection.Server.Version} ignores {config.FilterSubjects.Length} filter subjects; several need 2.10"));

    private static bool SameFilters(ConsumerConfig asked, ConsumerConfig made) => asked.FilterSubjects.ToHashSet().SetEquals(made.FilterSubjects);

    /// <summary>Whether what is there serves who asked, by what the server does not fill in itself.</summary>
    private static bool AskedFor(ConsumerConfig asked, ConsumerConfig present) =>
        SameFilters(asked, present)
        && asked.DeliverPolicy == present.DeliverPolicy
        && asked.StartSequence == present.StartSequence
        && asked.AckPolicy == present.AckPolicy
        && (asked.AckPolicy == AckPolicy.None || (asked.AckWait == present.AckWait && asked.MaxAckPending == present.MaxAckPending))
        && asked.MaxDeliver == present.MaxDeliver
        && asked.MaxWaiting == present.MaxWaiting;
}
