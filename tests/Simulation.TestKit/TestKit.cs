using Simulation.Kernel;

namespace Simulation.Testing;

/// <summary>
/// A system of actors under test, in either world. Expectations of its probes wait for messages: in the real world by waiting, in the
/// virtual world by running the loop, so that the same test can be written for both.
/// </summary>
public sealed class TestKit : IAsyncDisposable
{
    /// <summary>How long an expectation waits unless it says otherwise; in the virtual world this is virtual time.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(20);

    private int _lastName;

    private TestKit(Dispatcher dispatcher, ulong seed)
    {
        VirtualWorld = dispatcher as VirtualDispatcher;
        System = ActorSystem.Create("test", dispatcher, seed, Log);
    }

    public ActorSystem System { get; }

    /// <summary>What the kernel and the actors have logged.</summary>
    public RecordingLog Log { get; } = new();

    /// <summary>The loop, to drive by hand; null in the real world.</summary>
    public VirtualDispatcher? VirtualWorld { get; }

    public static TestKit Real(ulong seed = 1) => new(Dispatchers.Real(), seed);

    /// <param name="seed">Of the streams of chance, and of the order of events.</param>
    /// <param name="buggify">Rare but legal things; none by default, because a test has set its scene.</param>
    /// <param name="planted">Mistakes that are switched on; none by default.</param>
    public static TestKit Virtual(ulong seed = 1, BuggifyOptions? buggify = null, IReadOnlySet<string>? planted = null) =>
        new(Dispatchers.Virtual(seed, buggify: buggify ?? BuggifyOptions.Off, planted: planted), seed);

    public static TestKit In(World world, ulong seed = 1) => world == World.Virtual ? Virtual(seed) : Real(seed);

    /// <param name="props">How to make the actor.</param>
    /// <param name="name">A name of its own by default.</param>
    public IActorRef ActorOf(Props props, string? name = null) => System.ActorOf(props, name ?? NextName("actor"));

    public IActorRef ActorOf(Func<ActorBase> factory, string? name = null) => ActorOf(Props.Create(factory), name);

    public TestProbe CreateTestProbe(string? name = null) => new(this, name ?? NextName("probe"));

    /// <summary>Runs the body inside a temporary actor, to its end.</summary>
    public T Run<T>(Func<IActorContext, ActorTask<T>> body) =>
        VirtualWorld is null ? System.RunAsync(body).WaitAsync(DefaultPatience).GetAwaiter().GetResult() : VirtualWorld.Run(body);

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Func<IActorContext, ActorTask> body)
    {
        if (VirtualWorld is null)
        {
            System.RunAsync(body).WaitAsync(DefaultPatience).GetAwaiter().GetResult();
        }
        else
        {
            VirtualWorld.Run(body);
        }
    }

    /// <summary>Lets virtual time pass. A test of the real world waits for signals instead.</summary>
    public void Advance(TimeSpan time) =>
        (VirtualWorld ?? throw new InvalidOperationException("Only virtual time can be advanced.")).RunFor(time);

    /// <summary>Waits until the condition holds, for what no message tells.</summary>
    public void AwaitCondition(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        TimeSpan until = System.Uptime + (patience ?? DefaultPatience);
        if (VirtualWorld is not null)
        {
            if (!VirtualWorld.RunUntil(condition, until))
            {
                throw new TestKitException($"It did not come true: {what}.");
            }

            return;
        }

        SpinWait spin = default;
        while (!condition())
        {
            if (System.Uptime > until)
            {
                throw new TestKitException($"It did not come true: {what}.");
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Waits for plain code's task; in the virtual world by running the loop.</summary>
    public T Await<T>(Task<T> task, TimeSpan? patience = null)
    {
        Await((Task)task, patience);
        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Await{T}"/>
    public void Await(Task task, TimeSpan? patience = null)
    {
        if (VirtualWorld is null)
        {
            task.WaitAsync(patience ?? DefaultPatience).GetAwaiter().GetResult();
            return;
        }

        AwaitCondition(() => task.IsCompleted, "the task completes", patience);
        task.GetAwaiter().GetResult();
    }

    public ValueTask DisposeAsync() => System.DisposeAsync();

    private string NextName(string kind) => $"{kind}-{Interlocked.Increment(ref _lastName)}";
}
