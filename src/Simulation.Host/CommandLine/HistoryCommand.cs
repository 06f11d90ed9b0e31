using System.CommandLine;
using Simulation.History;

namespace Simulation.Host.CommandLine;

internal static class HistoryCommand
{
    private static readonly Dictionary<string, ExportFormat> Formats = new()
    {
        ["jsonl"] = ExportFormat.JsonLines,
        ["csv"] = ExportFormat.Csv,
        ["edn"] = ExportFormat.Edn,
    };

    public static Command Create(Surroundings surroundings, Examples examples)
    {
        var export = CreateExport(surroundings);
        examples.For(
            export,
            "simulation history export --format jsonl runs/20261121T101530Z-4f2a9c1e | grep lost",
            "simulation history export --format edn --output history.edn runs/20261121T101530Z-4f2a9c1e");
        return examples.For(
            new Command("history", "Works with the history of a run.") { export },
            "simulation history export --format csv --output history.csv runs/20261121T101530Z-4f2a9c1e");
    }

    private static Command CreateExport(Surroundings surroundings)
    {
        Argument<string> folder = CheckCommand.RunFolderArgument();
        var format = new Option<string>("--format", "-f") { Description = "jsonl, csv, or edn (as Jepsen writes it).", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong([.. Formats.Keys]);
        var output = new Option<string?>("--output", "-o") { Description = "A file to write to. Default: standard output.", HelpName = "FILE" };
        var command = new Command("export", "Writes the history of a run for other checkers.") { folder, format, output };
        command.SetAction(parsed =>
        {
            IHistoryStore store = CheckCommand.WithHistory(() => RunHistory.Open(parsed.GetRequiredValue(folder)));
            string? file = parsed.GetValue(output);
            HistoryBase? missing = Writing(file, () =>
            {
                using Stream target = file is null ? surroundings.OpenOutput() : File.Create(file);
                return HistoryExport.Write(store, Formats[parsed.GetRequiredValue(format)], target);
            });
            if (missing is { } compacted)
            {
                surroundings.Error.WriteLine($"simulation: this is not all of the history: {new CompactedRecords(compacted.Records, compacted.UpTo)}");
            }

            return (int)ExitCode.Passed;
        });
        return command;
    }

    private static T Writing<T>(string? file, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{file ?? "standard output"} cannot be written: {error.Message}", error);
        }
    }
}
