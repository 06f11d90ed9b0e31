using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Host.Run;
using Simulation.Kernel;

namespace Simulation.Host.CommandLine;

/// <summary>What could break, and what would.</summary>
internal static class ChaosCommand
{
    /// <summary>Without one in the configuration, the first.</summary>
    private const ulong DefaultSeed = 1;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Surroundings surroundings, Examples examples) => examples.For(
        new Command("chaos", "Shows what can be broken, and what would be.")
        {
            examples.For(CreatePlan(surroundings), "simulation chaos plan --config configs/realistic.yaml --seed 7", "simulation chaos plan --config configs/realistic.yaml --format yaml > plan.yaml"),
            examples.For(CreateList(surroundings), "simulation chaos list", "simulation chaos list --config configs/realistic.yaml --world virtual"),
        },
        "simulation chaos plan --config configs/realistic.yaml");

    private static Command CreatePlan(Surroundings surroundings)
    {
        var configuration = new ConfigurationOptions();
        var format = new Option<string>("--format", "-f") { Description = "table, yaml (as chaos.scheduled takes it) or json.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "yaml", "json");
        var command = new Command("plan", "Prints what would break and when: it follows from the configuration and the seed alone.");
        configuration.AddTo(command);
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            SimulationConfig config = configuration.Load(parsed, surroundings).Config;
            if (!config.Chaos.Enabled)
            {
                throw new UserErrorException(ExitCode.Usage, "chaos is off in this configuration; --set chaos.enabled=true turns it on");
            }

            ulong seed = config.Chaos.Seed ?? config.Simulation.Seed ?? DefaultSeed;
            FaultPlan plan = FaultPlanner.Plan(config.ToChaos(), config.ToShape(), seed);
            surroundings.Output.Write(parsed.GetRequiredValue(format) switch
            {
                "yaml" => plan.ToYaml(),
                "json" => ToJson(plan, seed).ToJsonString(Indented) + "\n",
                _ => ToTable(plan, seed),
            });
            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static Command CreateList(Surroundings surroundings)
    {
        var configuration = new ConfigurationOptions();
        var command = new Command("list", "Lists every kind of fault with its parameters and bounds, and whether it can be done here.");
        configuration.AddTo(command);
        command.SetAction(parsed =>
        {
            SimulationConfig config = configuration.Load(parsed, surroundings).Config;
            foreach (FaultEntry entry in FaultCatalogue.All)
            {
                WriteEntry(surroundings.Output, entry, fault => Capabilities.WhyNot(config, fault));
            }

            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static void WriteEntry(TextWriter output, FaultEntry entry, Func<FaultSettings, string?> whyNotHere)
    {
        string? whyNot = whyNotHere(new FaultSettings(entry.Kind));
        output.WriteLine($"{entry.Name,-20} {(whyNot is null ? "can be done here" : $"not here: {whyNot}")}");
        foreach ((string parameter, string word) in entry.Parameters.OfType<WordParameter>().SelectMany(parameter => parameter.Words.Select(word => (parameter.Name, word))))
        {
            if (whyNot is null && whyNotHere(new FaultSettings(entry.Kind).With(parameter, word)) is { } whyNotThat)
            {
                output.WriteLine($"{"",-20} not here: {whyNotThat}");
            }
        }

        output.WriteLine($"  {entry.Does}");
        if (entry.Targets != TargetKind.Run)
        {
            output.WriteLine($"  {"targets",-22} names, or {string.Join(", ", entry.Choices.Select(TargetWords.Write))}");
        }

        foreach (FaultParameter parameter in entry.Parameters)
        {
            output.WriteLine($"  {parameter.Name,-22} {parameter.Doc} {parameter.Bounds}; default {parameter.Default}");
        }

        output.WriteLine();
    }

    private static string ToTable(FaultPlan plan, ulong seed)
    {
        var text = new StringWriter();
        text.WriteLine($"{plan.Faults.Length} {(plan.Faults.Length == 1 ? "fault" : "faults")}, seed {seed}");
        text.WriteLine();
        text.WriteLine($"{"#",4}  {"at",-15}{"event",-20}{"for",-14}{"targets",-46}parameters");
        foreach (PlannedFault fault in plan.Faults)
        {
            string time = fault.For is { } lasts ? Duration.Format(lasts) : "-";
            string targets = fault.Targets.IsEmpty ? "-" : fault.TargetsInShort;
            string parameters = string.Join(", ", fault.Parameters.Select(parameter => $"{parameter.Key} {parameter.Value}"));
            text.WriteLine($"{fault.Number,4}  {Duration.Format(fault.At),-15}{fault.Name,-20}{time,-14}{targets,-46}{parameters}".TrimEnd());
        }

        return text.ToString();
    }

    private static JsonObject ToJson(FaultPlan plan, ulong seed) => new()
    {
        ["seed"] = seed,
        ["faults"] = new JsonArray([.. plan.Faults.Select(fault => new JsonObject
        {
            ["number"] = fault.Number,
            ["at_seconds"] = fault.At.TotalSeconds,
            ["event"] = fault.Name,
            ["targets"] = new JsonArray([.. fault.Targets.Select(target => JsonValue.Create(target))]),
            ["for_seconds"] = fault.For?.TotalSeconds,
            ["parameters"] = new JsonObject(fault.Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)parameter.Value))),
        })]),
    };
}
