using Simulation.Actors;
using Simulation.History;
using Simulation.Kernel;
using Simulation.Partitioning;
using Simulation.TestServers;
using Simulation.Workload;

namespace Simulation.EndToEnd.Tests;

/// <summary>Long runs, for <c>SIMULATION_SOAK=1 dotnet test --filter Category=Soak</c>.</summary>
public sealed class SoakTests
{
    private const int Runs = 20;
    private const int AtATime = 5;

    private static readonly WorkloadOptions Steady = RunRig.SmallWorkload with
    {
        Partitions = new PartitionOptions { Count = 60, MessageRatePerPartition = 2 },
        Producers = new ProducerOptions { Count = 4 },
        ProcessingDelay = new ProcessingDelayOptions { Min = TimeSpan.FromMilliseconds(10), Max = TimeSpan.FromMilliseconds(50) },
    };

    /// <summary>No false alarms: workers join, leave and are killed at random, and nothing is wrong.</summary>
    [SkippableFact]
    [Trait("Category", "Soak")]
    public async Task TwentyMinutes_WorkersComeAndGo_AllPass()
    {
        Soak.Require();

        var verdicts = new Verdict[Runs];
        await Parallel.ForAsync(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (seed, _) => verdicts[seed] = await RunOnceAsync((ulong)seed));

        Assert.All(verdicts, verdict => RunRig.AssertOutcome(VerdictOutcome.Passed, verdict));
        Assert.All(verdicts, verdict => Assert.Equal(verdict.Sent, verdict.Received));
    }

    private static async Task<Verdict> RunOnceAsync(ulong seed)
    {
        ConsumerLayout layout = seed % 2 == 0 ? ConsumerLayout.PerPartition : ConsumerLayout.PerGroup;
        await using RunRig rig = await RunRig.StartAsync(
            run => run with { Duration = TimeSpan.FromMinutes(1), Seed = seed, ValidationWindow = TimeSpan.FromMinutes(1) }, layout, workload: Steady);
        RandomStream random = RandomStream.Derive(seed, "soak");
        await rig.UntilAsync(status => status.Tracking?.Totals.Received > 20);
        while ((await rig.StatusAsync()).Phase == RunPhase.Running)
        {
            if (random.Next(4) == 0)
            {
                rig.Coordinator.Tell(new CrashWorker(random.Next(3), ComeBackAfter: TimeSpan.FromSeconds(random.Next(4))));
            }
            else
            {
                rig.Coordinator.Tell(new ScaleWorkers(1 + random.Next(8)));
            }

            await Task.Delay(random.Uniform(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)));
        }

        return (await rig.JudgementAsync()).Verdict;
    }
}
