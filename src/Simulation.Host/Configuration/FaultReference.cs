using System.Text;
using Simulation.Chaos;

namespace Simulation.Host.Configuration;

/// <summary>Writes docs/faults.md from the catalogue.</summary>
internal static class FaultReference
{
    private const string Introduction =
        """
        # Faults

        <!-- Written by `simulation reference faults > docs/faults.md`; a test compares. -->

        What `chaos.events` and `chaos.scheduled` may name. `simulation chaos list` says which of them can be done with a configuration
        and why not; a fault that is asked for and cannot be done stops a run before it starts (exit 69), unless `chaos.skip_unavailable`.

        ```yaml
        chaos:
          enabled: true
          interval: 30s-2m            # from one event to the next
          max_concurrent: 2
          events:
            - worker_crash            # everything else is drawn
            - {name: network_latency, weight: 3, targets: some, latency: 50-200ms, for: 30s}
          scheduled:
            - {at: 5m, event: leader_failure, for: 10s}
        ```

        A parameter is one value, or a range from which the seed draws one. `targets` is a name (`worker-42`), a list of names, or a word:
        `one`, `some` (two up to half of them), `leader` (whoever leads when it happens), `all`. When nothing is said, the seed draws a
        word, the first of those listed six times as often as each of the others. Two faults never hit one target at a time.

        The plan follows from configuration and seed alone. `simulation chaos plan` prints it; with `--format yaml` as `chaos.scheduled`,
        which a run in either world takes back. The run's folder keeps it as `chaos-plan.yaml`.

        Every fault proves that it bit. One that does not is named by the verdict, which is then inconclusive. What lasts is undone when its
        time is over, or when sending ends. Recovery is counted from the beginning of the fault: until a message was acknowledged again,
        until every partition had an owner, until no more messages waited than before.

        A fault that was going on when the coordinator died ended with it. If it had not proven itself by then it was cut off by the outage: that is no
        doubt, and it is begun again by the resume, as its own fault. Two are not: what stays and was done already, such as `partition_changes`; and what was to be over
        before `chaos.quiet_before_end`, and now would not be.

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        foreach (FaultEntry entry in FaultCatalogue.All)
        {
            text.Append($"\n## {entry.Name}\n\n{entry.Does}\n\n");
            text.Append($"Proof: {entry.Proof}. Worlds: {(entry.Worlds == FaultWorlds.Both ? "real and virtual" : entry.Worlds.ToString().ToLowerInvariant())}.\n");
            if (entry.Targets != TargetKind.Run || !entry.Parameters.IsEmpty)
            {
                text.Append("\n| parameter | default | meaning |\n|---|---|---|\n");
            }

            if (entry.Targets != TargetKind.Run)
            {
                text.Append($"| `targets` | drawn | Names, or one of {string.Join(", ", entry.Choices.Select(choice => $"`{TargetWords.Write(choice)}`"))}. |\n");
            }

            foreach (FaultParameter parameter in entry.Parameters)
            {
                text.Append($"| `{parameter.Name}` | `{parameter.Default}` | {parameter.Doc} *{parameter.Bounds}.* |\n");
            }
        }

        return text.ToString();
    }
}
