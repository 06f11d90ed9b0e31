using System.Globalization;
using System.Text;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Model;

namespace Simulation.Benchmarks.Model;

/// <summary>Producers and workers that do nothing but what the server sees of them.</summary>
internal sealed class Pipeline(ModelConnector connector, bool isIdle)
{
    private const int Subjects = 1500;
    private const int Groups = 100;
    private const int Producers = 10;
    private const string Stream = "PIPELINE";
    private static readonly TimeSpan MeanGap = TimeSpan.FromSeconds(1) * Producers / 15;
    private static readonly byte[] Payload = new byte[256];

    private readonly long[] _lastOfSubject = new long[Subjects];
    private readonly byte[][] _subjects = [.. Enumerable.Range(0, Subjects).Select(number => Encoding.ASCII.GetBytes($"pipeline.group.{number % Groups}.partition.{number}"))];
    private long _published;

    public long Processed { get; private set; }

    public void Start(ActorSystem system) => system.ActorOf(Props.Create(() => new Setup(this)), "setup");

    /// <summary>All but what is under way at the end has arrived.</summary>
    public void Check()
    {
        if (_published - Processed > Producers || (_published == 0) != isIdle)
        {
            throw new InvalidOperationException($"{_published} messages were acknowledged and {Processed} arrived.");
        }
    }

    private sealed class Setup(Pipeline pipeline) : ReceiveActor
    {
        protected override void PreStart() => Context.Spawn(PrepareAsync);

        private async ActorTask PrepareAsync()
        {
            IJetStreamConnection connection = await pipeline.Connect("setup");
            await connection.CreateStreamAsync(new StreamConfig { Name = Stream, Subjects = ["pipeline.>"] });
            for (int group = 0; group < Groups; group++)
            {
                await connection.CreateConsumerAsync(Stream, new ConsumerConfig { Name = $"group-{group}", FilterSubjects = [$"pipeline.group.{group}.>"] });
                int number = group;
                Context.ActorOf(Props.Create(() => new Worker(pipeline, number)), $"worker-{group}");
            }

            for (int i = 0; i < Producers && !pipeline.IsIdle; i++)
            {
                int number = i;
                Context.ActorOf(Props.Create(() => new Producer(pipeline, number)), $"producer-{number}");
            }
        }
    }

    private sealed class Worker(Pipeline pipeline, int group) : ReceiveActor
    {
        protected override void PreStart() => Context.Spawn(PullAsync);

        private async ActorTask PullAsync()
        {
            IJetStreamConnection connection = await pipeline.Connect($"worker-{group}");
            IPullSubscription pull = connection.Subscribe(Stream, $"group-{group}", new PullOptions());
            while (true)
            {
                PullItem item = await pull.NextAsync();
                using Delivery delivery = item.Delivery ?? throw new InvalidOperationException($"The pull ended: {item.End} {item.Text}");
                delivery.Ack();
                pipeline.Processed++;
            }
        }
    }

    private sealed class Producer(Pipeline pipeline, int number) : ReceiveActor
    {
        protected override void PreStart() => Context.Spawn(SendAsync);

        private async ActorTask SendAsync()
        {
            IJetStreamConnection connection = await pipeline.Connect($"producer-{number}");
            while (true)
            {
                await Context.Delay(Context.Random.Exponential(MeanGap));
                int subject = Context.Random.Next(Subjects);
                PublishOutcome outcome = await PublishAsync(connection, subject);
                if (!outcome.IsAcknowledged || outcome.Duplicate)
                {
                    throw new InvalidOperationException($"A publish ended otherwise than it should: {outcome}");
                }

                pipeline._published++;
            }
        }

        private ActorTask<PublishOutcome> PublishAsync(IJetStreamConnection connection, int subject)
        {
            Span<byte> id = stackalloc byte[64];
            Encoding.ASCII.TryGetBytes(
                string.Create(CultureInfo.InvariantCulture, $"benchmark.{subject}.{++pipeline._lastOfSubject[subject]}"), id, out int length);
            return connection.PublishAsync(new PublishMessage { Subject = pipeline._subjects[subject], Payload = Payload, MessageId = id[..length] });
        }
    }

    private bool IsIdle => isIdle;

    private ActorTask<IJetStreamConnection> Connect(string name) => connector.ConnectAsync(name);
}
