using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;

namespace Simulation.Model.Tests.Differential;

/// <summary>
/// Does what a script says and writes down what came back, and after each step what stream and consumers look like. The model goes first;
/// a real server, which shows some effects a moment later than it answers, may be looked at again until it shows what the model showed.
/// </summary>
internal sealed class ScriptRunner(IActorContext context, IJetStreamConnection connection, string name, IReadOnlyList<string>? expected = null)
{
    private const int Consumers = 2;
    private static readonly TimeSpan FetchTime = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly string[] SubjectNames = ["a", "b", "c.d"];
    private static readonly string[] FilterNames = ["", "a", "b", "c.>", "*", ">"];

    private readonly List<string> _lines = [];
    private readonly List<Delivery>[] _owed = [[], []];

    /// <summary>An acknowledged delivery of each consumer: to acknowledge it again flushes what was said before.</summary>
    private readonly Delivery?[] _settled = new Delivery?[Consumers];

    public IReadOnlyList<string> Lines => _lines;

    public ActorTask<StreamInfo> CreateStreamAsync(Step stream) => connection.CreateStreamAsync(ConfigOf(stream));

    /// <summary>Looks at the stream, then does one step after the other until something differs.</summary>
    public async ActorTask RunAsync(IEnumerable<Step> steps)
    {
        if (!await LooksAlikeAsync())
        {
            return;
        }

        foreach (Step step in steps)
        {
            string answer;
            try
            {
                answer = await DoAsync(step);
            }
            catch (JetStreamApiException refusal)
            {
                answer = $"refused {refusal.ErrorCode}";
            }

            if (!Agrees($"{step}: {answer}") || !await LooksAlikeAsync())
            {
                break;
            }
        }

        // The stream stays: a server that is still tidying one away sometimes cannot make the next.
    }

    private bool Agrees(string line)
    {
        _lines.Add(line);
        return expected is null || expected[_lines.Count - 1] == line;
    }

    private async ActorTask<bool> LooksAlikeAsync()
    {
        TimeSpan end = context.Uptime + Patience;
        while (true)
        {
            string state = await StateAsync();
            if (expected is null || expected[_lines.Count] == state || context.Uptime > end)
            {
                return Agrees(state);
            }

            await context.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    private async ActorTask<string> StateAsync()
    {
        StreamInfo info = (await connection.GetStreamAsync(name))!;
        var text = new StringBuilder($"    {info.Messages} messages, {info.Bytes} bytes, {info.FirstSequence} to {info.LastSequence}");
        for (int i = 0; i < Consumers; i++)
        {
            if (await connection.GetConsumerAsync(name, $"c{i}") is { } consumer)
            {
                text.Append($"; c{i} delivered {consumer.DeliveredConsumerSequence}")
                    .Append($" floor {consumer.AckFloorStreamSequence} owed {consumer.AckPending} again {consumer.Redelivered} pending {consumer.Pending}");
            }
        }

        return text.ToString();
    }

    private async ActorTask<string> DoAsync(Step step) => step.Kind switch
    {
        StepKind.Publish => await PublishAsync(step, null, null),
        StepKind.PublishIdentified => await PublishAsync(step, $"id{step.B % 4}", null),
        StepKind.PublishExpectingLast => await PublishAsync(step, null, new PublishExpectation { LastSequence = (ulong)step.B }),
        StepKind.PublishExpectingLastOfSubject => await PublishAsync(step, null, new PublishExpectation { LastSubjectSequence = (ulong)step.B }),
        StepKind.DeleteMessage => $"{await connection.DeleteMessageAsync(name, (ulong)step.A)}",
        StepKind.Purge => $"{await connection.PurgeStreamAsync(name, step.A % 4 == 0 ? null : Subject(step.A))}",
        StepKind.GetMessage => Text(await connection.GetMessageAsync(name, (ulong)step.A)),
        StepKind.GetLast => Text(await connection.GetLastMessageAsync(name, Subject(step.A))),
        StepKind.CreateConsumer => (await connection.CreateConsumerAsync(name, ConsumerOf(step))).Config.Name,
        StepKind.UpdateConsumer => (await connection.UpdateConsumerAsync(name, ConsumerOf(step with { C = 0 }))).Config.Name,
        StepKind.DeleteConsumer => await DeleteConsumerAsync(step.A % Consumers),
        StepKind.Fetch => await FetchAsync(step.A % Consumers, 1 + (step.B % 3)),
        StepKind.Ack => await AckAsync(step.A % Consumers, step.B),
        StepKind.Nak => await SayAsync(step.A % Consumers, step.B, delivery => delivery.Nak()),
        StepKind.Terminate => await SayAsync(step.A % Consumers, step.B, delivery => delivery.Terminate()),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private async ActorTask<string> PublishAsync(Step step, string? id, PublishExpectation? expectation)
    {
        PublishOutcome outcome = await connection.PublishAsync(new PublishMessage
        {
            Subject = Encoding.UTF8.GetBytes(Subject(step.A)),
            Payload = new byte[step.C],
            MessageId = Encoding.UTF8.GetBytes(id ?? ""),
            Expectation = expectation,
        });
        return $"{outcome.Result} {outcome.Sequence} {outcome.Duplicate} {outcome.ErrorCode}";
    }

    private async ActorTask<string> DeleteConsumerAsync(int consumer)
    {
        _owed[consumer].Clear();
        _settled[consumer] = null;
        return $"{await connection.DeleteConsumerAsync(name, $"c{consumer}")}";
    }

    private async ActorTask<string> FetchAsync(int consumer, int batch)
    {
        if (await connection.GetConsumerAsync(name, $"c{consumer}") is null)
        {
            return "no consumer";
        }

        FetchResult result = await connection.FetchAsync(name, $"c{consumer}", new FetchRequest(batch, FetchTime));
        _owed[consumer].AddRange(result.Deliveries);
        string deliveries = string.Join(", ", result.Deliveries.Select(each => $"{each.StreamSequence}/{each.ConsumerSequence}x{each.DeliveryCount}+{each.Pending}"));
        return $"{result.End} [{deliveries}]";
    }

    private async ActorTask<string> AckAsync(int consumer, int which)
    {
        if (Take(consumer, which) is not { } delivery)
        {
            return "nothing owed";
        }

        _settled[consumer] = delivery;
        return $"{await delivery.AckConfirmedAsync()} {delivery.StreamSequence}";
    }

    private async ActorTask<string> SayAsync(int consumer, int which, Action<Delivery> say)
    {
        if (_settled[consumer] is not { } settled || Take(consumer, which) is not { } delivery)
        {
            return "nothing owed";
        }

        say(delivery);
        return $"{await settled.AckConfirmedAsync()} {delivery.StreamSequence}";
    }

    private Delivery? Take(int consumer, int which)
    {
        if (_owed[consumer].Count == 0)
        {
            return null;
        }

        int at = which % _owed[consumer].Count;
        Delivery delivery = _owed[consumer][at];
        _owed[consumer].RemoveAt(at);
        return delivery;
    }

    private string Subject(int number) => $"{name}.{SubjectNames[number % SubjectNames.Length]}";

    private StreamConfig ConfigOf(Step step) => new()
    {
        Name = name,
        Subjects = [$"{name}.>"],
        Storage = step.C % 2 == 0 ? StorageType.Memory : StorageType.File,
        Retention = step.A switch { < 8 => RetentionPolicy.Limits, < 10 => RetentionPolicy.Interest, _ => RetentionPolicy.WorkQueue },
        Discard = step.B % 2 == 0 ? DiscardPolicy.Old : DiscardPolicy.New,
        MaxMessages = step.B switch { < 6 => -1, < 9 => 3, _ => 6 },
        MaxMessagesPerSubject = step.C switch { < 6 => -1, < 9 => 1, _ => 2 },
    };

    private ConsumerConfig ConsumerOf(Step step) => new()
    {
        Name = $"c{step.A % Consumers}",
        FilterSubjects = FilterNames[step.A / Consumers] is { Length: > 0 } filter ? [$"{name}.{filter}"] : [],
        AckPolicy = step.B == 11 ? AckPolicy.All : AckPolicy.Explicit,
        MaxDeliver = step.B % 4 == 1 ? 2 : -1,
        MaxAckPending = step.B % 3 == 1 ? 2 : 1000,
        DeliverPolicy = step.C switch { < 8 => DeliverPolicy.All, 8 => DeliverPolicy.Last, 9 => DeliverPolicy.New, 10 => DeliverPolicy.LastPerSubject, _ => DeliverPolicy.ByStartSequence },
        StartSequence = step.C == 11 ? 2UL : 0,
    };

    private static string Text(StoredMessage? message) => message is null ? "none" : $"{message.Sequence} {message.Payload.Length}";
}
