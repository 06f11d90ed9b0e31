using System.Diagnostics;
using Simulation.Actors;
using Simulation.History;
using Simulation.Host.Run;
using Simulation.Kernel;

namespace Simulation.Host.Virtual;

/// <summary>A whole run in the virtual world, with the run folder and the views of a real one.</summary>
internal sealed class VirtualRun : IRunComposition
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Virtual time that passes between two looks at the real clock.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public Task<RunConclusion> RunAsync(RunRequest request) =>
        Task.Factory.StartNew(() => Run(request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static RunConclusion Run(RunRequest request)
    {
        var watch = new RunWatch(request.Instruments, request.Thresholds?.FoldObserver);
        var history = new FileHistoryStore(request.Folder.In(RunHistory.FolderName), request.Folder.RunId);
        var world = new VirtualWorld(new VirtualWorldOptions
        {
            Config = request.Config,
            Seed = request.Seed,
            History = history,
            Telemetry = watch,
            ChaosTelemetry = request.Instruments,
            Log = request.Log,
        });
        File.WriteAllText(request.Folder.ChaosPlanFile, world.Plan.ToYaml());
        request.Instruments.Plan(world.Run);
        request.Log.TakeTimeFrom(new WorldClock(world.System));
        var took = Stopwatch.StartNew();
        ShowUntilEnd(world, request, watch);
        if (world.Outcome is not { } outcome)
        {
            return new RunConclusion { Verdict = null, EndedEarly = "stopped at once" };
        }

        request.Log.Info($"{Duration.Format(TimeSpan.FromSeconds(Math.Round(world.Elapsed.TotalSeconds)))} of virtual time and {world.Steps} steps "
            + $"in {took.Elapsed.TotalSeconds:0.0} s; trace {world.TraceHash:x16}");
        if (watch.Latest is { } last)
        {
            request.Instruments.Show(new SnapshotMapper(world.Run).Map(last));
        }

        return RunEnding.Conclude(outcome, [$"modelled {world.ServerVersion}"]);
    }

    private static void ShowUntilEnd(VirtualWorld world, RunRequest request, RunWatch watch)
    {
        var snapshots = new SnapshotMapper(world.Run);
        var sinceShown = Stopwatch.StartNew();
        bool isDraining = false;
        while (world.Outcome is null && !request.Shutdown.WasAskedToStop)
        {
            world.RunUntil(world.Elapsed + Slice);
            if (WhyEnd(request) is { } why && !isDraining)
            {
                isDraining = true;
                world.Tell(new FinishEarly(why));
            }

            if (sinceShown.Elapsed >= StatusInterval)
            {
                sinceShown.Restart();
                LookAround(world, request, watch, snapshots);
            }
        }
    }

    private static string? WhyEnd(RunRequest request) => request.Shutdown.WasAskedToDrain ? "asked to stop" : request.Thresholds?.Aborted;

    private static void LookAround(VirtualWorld world, RunRequest request, RunWatch watch, SnapshotMapper snapshots)
    {
        if (request.Folder.MissesRoom() is { } little)
        {
            world.Tell(new CutShort(little));
        }

        if (watch.Latest is { } status)
        {
            request.Show(snapshots.Map(status));
        }
    }
}
