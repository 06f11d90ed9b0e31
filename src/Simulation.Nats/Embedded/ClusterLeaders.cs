using System.Collections.Immutable;
using System.Text.Json;

namespace Simulation.Nats.Embedded;

/// <summary>Who leads what in an embedded cluster, and how to make a leader step down.</summary>
public sealed class ClusterLeaders(EmbeddedNatsCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>The server's name; null when nobody leads, or nobody answers.</returns>
    public Task<string?> OfStreamAsync(string stream, CancellationToken cancellation = default) =>
        LeaderAsync(Group.Stream(stream), cancellation);

    /// <inheritdoc cref="OfStreamAsync"/>
    public Task<string?> OfConsumerAsync(string stream, string consumer, CancellationToken cancellation = default) =>
        LeaderAsync(Group.Consumer(stream, consumer), cancellation);

    /// <inheritdoc cref="OfStreamAsync"/>
    public Task<string?> OfMetaGroupAsync(CancellationToken cancellation = default) => LeaderAsync(Group.Meta, cancellation);

    /// <returns>The names of a stream's durable consumers, as many as fit on the first page; none when nobody answers.</returns>
    public async Task<ImmutableArray<string>> ConsumersOfAsync(string stream, CancellationToken cancellation = default)
    {
        JsonElement answer = await AskAsync(Group.Stream(stream), $"$JS.API.CONSUMER.NAMES.{stream}", cancellation) ?? default;
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("consumers", out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.GetString()).OfType<string>()]
            : [];
    }

    /// <returns>Null when it had no leader, or the leader did not step down.</returns>
    public Task<LeaderChange?> StepDownStreamAsync(string stream, CancellationToken cancellation = default) =>
        StepDownAsync(Group.Stream(stream), cancellation);

    /// <inheritdoc cref="StepDownStreamAsync"/>
    public Task<LeaderChange?> StepDownConsumerAsync(string stream, string consumer, CancellationToken cancellation = default) =>
        StepDownAsync(Group.Consumer(stream, consumer), cancellation);

    /// <inheritdoc cref="StepDownStreamAsync"/>
    public Task<LeaderChange?> StepDownMetaGroupAsync(CancellationToken cancellation = default) => StepDownAsync(Group.Meta, cancellation);

    private async Task<LeaderChange?> StepDownAsync(Group group, CancellationToken cancellation)
    {
        if (await LeaderAsync(group, cancellation) is not { } before
            || await AskAsync(group, group.StepDown, cancellation) is not { } answer || answer.IsError())
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if (await LeaderAsync(group, deadline.Token) is { } after && after != before)
                {
                    return new LeaderChange(group.Name, before, after);
                }

                await Task.Delay(Pause, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new LeaderChange(group.Name, before, null);
        }
    }

    private async Task<string?> LeaderAsync(Group group, CancellationToken cancellation)
    {
        JsonElement place = await AskAsync(group, group.Info, cancellation) ?? default;
        foreach (string step in group.PathToLeader)
        {
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(step, out place))
            {
                return null;
            }
        }

        return place.GetString() is { Length: > 0 } leader ? leader : null;
    }

    /// <summary>Any server that runs passes the question on; the first answer counts.</summary>
    private async Task<JsonElement?> AskAsync(Group group, string subject, CancellationToken cancellation)
    {
        foreach (EmbeddedNatsServer server in cluster.Servers.Where(server => server is { IsRunning: true, IsSuspended: false }))
        {
            JsonElement? answer = group.NeedsAdministrator
                ? await server.RequestAsAdministratorAsync(subject, "", cancellation)
                : await server.RequestAsync(subject, "", cancellation);
            if (answer is not null)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>A Raft group, and what to ask about it.</summary>
    private sealed record Group(string Name, string Info, string StepDown, string[] PathToLeader, bool NeedsAdministrator = false)
    {
        public static Group Meta { get; } = new(
            "the meta group", "$SYS.REQ.SERVER.PING.JSZ", "$JS.API.META.LEADER.STEPDOWN", ["data", "meta_cluster", "leader"], NeedsAdministrator: true);

        public static Group Stream(string stream) =>
            new($"stream {stream}", $"$JS.API.STREAM.INFO.{stream}", $"$JS.API.STREAM.LEADER.STEPDOWN.{stream}", ["cluster", "leader"]);

        public static Group Consumer(string stream, string consumer) => new(
            $"consumer {stream}/{consumer}",
            $"$JS.API.CONSUMER.INFO.{stream}.{consumer}", $"$JS.API.CONSUMER.LEADER.STEPDOWN.{stream}.{consumer}", ["cluster", "leader"]);
    }
}
