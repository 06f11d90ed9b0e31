using Simulation.Host.Configuration.Schema;
using Simulation.Host.Configuration.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Configuration;

/// <summary>Reads the sources one after another, each value over the one before, and collects whatever is wrong on the way.</summary>
internal sealed class ConfigurationReader
{
    private const string Prefix = "SIMULATION_";

    public Dictionary<string, object> Values { get; } = [];

    public Dictionary<string, Origin> Origins { get; } = [];

    public List<Problem> Problems { get; } = [];

    /// <summary>Keys that were given a value which cannot be used.</summary>
    public HashSet<string> Broken { get; } = [];

    public void ReadFile(string path)
    {
        var whole = new Origin(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problems.Add(new Problem(whole, error is FileNotFoundException or DirectoryNotFoundException
                ? "no such file; give the path of a configuration file, for example configs/dev.yaml"
                : $"cannot be read: {error.Message}"));
            return;
        }

        Origin Locate(YamlNode node) => At(whole, node.Start);
        foreach (YamlNode root in Parse(text, mark => At(whole, mark)))
        {
            ReadSection(ConfigurationSection.Root, root, Locate);
        }
    }

    public void ReadEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        IEnumerable<KeyValuePair<string, string>> ours = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)
                && (variable.Key.Contains("__", StringComparison.Ordinal) || IsOfTheRoot(variable.Key))
                && variable.Value.Length > 0)
            .OrderBy(variable => variable.Key, StringComparer.Ordinal);
        foreach ((string name, string value) in ours)
        {
            ReadAssignment(new Origin($"environment {name}"), name[Prefix.Length..].ToLowerInvariant().Replace("__", "."), value);
        }
    }

    /// <summary>A key without a section has no underscores to be known by.</summary>
    private static bool IsOfTheRoot(string variable) => ConfigurationSection.Root.Keys.Any(key => key.Key.EnvironmentVariable == variable);

    /// <param name="assignment"><c>key=value</c>.</param>
    public void ReadSet(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            Problems.Add(new Problem(new Origin($"--set {assignment}"), "expected key=value, for example --set workers.count=20"));
            return;
        }

        string key = assignment[..equals].Trim();
        ReadAssignment(new Origin($"--set {key}"), key, assignment[(equals + 1)..].Trim());
    }

    public void ReadFlag(FlagValue flag) => ReadAssignment(new Origin(flag.Flag), flag.Key, flag.Value);

    private void ReadAssignment(Origin origin, string path, string value)
    {
        ConfigurationKey? key = ConfigurationSection.Root.AllKeys.FirstOrDefault(key => key.Path == path);
        if (key is null)
        {
            Problems.Add(new Problem(origin, $"unknown key '{path}'{Suggestion.Phrase(path, ConfigurationSection.Root.AllKeys.Select(known => known.Path))}"));
            return;
        }

        // Only lists are YAML here: a text such as a password may hold anything.
        if (value.StartsWith('[') && Parse(value, _ => origin) is [{ } node])
        {
            ReadValue(key, node, _ => origin);
        }
        else
        {
            ReadValue(key, new YamlScalarNode(value), _ => origin);
        }
    }

    private List<YamlNode> Parse(string text, Func<Mark, Origin> locate)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            Problems.Add(new Problem(locate(error.Start), $"not valid YAML: {(error.InnerException ?? error).Message}"));
            return [];
        }

        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private void ReadSection(ConfigurationSection section, YamlNode node, Func<YamlNode, Origin> locate)
    {
        if (node is YamlScalarNode { Value: null or "" or "~" or "null" })
        {
            return; // A heading whose keys are all commented out.
        }

        if (node is not YamlMappingNode mapping)
        {
            string name = section.Path.Length == 0 ? "the file" : $"'{section.Path}'";
            Problems.Add(new Problem(locate(node), $"{name} must be a section with keys: {string.Join(", ", section.Names)}"));
            return;
        }

        foreach ((YamlNode nameNode, YamlNode value) in mapping.Children)
        {
            string name = (nameNode as YamlScalarNode)?.Value ?? nameNode.ToString();
            if (section.FindSection(name) is { } inner)
            {
                ReadSection(inner, value, locate);
            }
            else if (section.FindKey(name) is { } key)
            {
                ReadValue(key, value, locate);
            }
            else
            {
                Problems.Add(new Problem(locate(nameNode), UnknownKey(section, name)));
            }
        }
    }

    private void ReadValue(ConfigurationKey key, YamlNode node, Func<YamlNode, Origin> locate)
    {
        if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } && key.LeftOut is not null)
        {
            return; // Spelt out that it is left out.
        }

        void Complain(YamlNode place, string message)
        {
            Broken.Add(key.Path);
            Problems.Add(new Problem(locate(place), $"{key.Path}: {message}"));
        }

        // What is wrong with a secret is told without showing it.
        Complain complain = key.IsSecret ? (place, _) => Complain(place, $"expected {key.Kind.Expected}") : Complain;
        if (key.Kind.Read(node, complain) is not { } value)
        {
            return;
        }

        if (key.OutOfBounds(value) is { } bound)
        {
            Complain(node, $"{key.Kind.Write(value)} {bound}");
            return;
        }

        Values[key.Path] = value;
        Origins[key.Path] = locate(node);
        if (node is YamlSequenceNode list)
        {
            LocateItems(key.Path, list, locate);
        }
    }

    /// <summary>What is wrong with one item is shown where that item is.</summary>
    private void LocateItems(string path, YamlSequenceNode list, Func<YamlNode, Origin> locate)
    {
        for (int index = 0; index < list.Children.Count; index++)
        {
            Origins[$"{path}[{index}]"] = locate(list.Children[index]);
        }
    }

    /// <summary>Suggests a neighbour, or the section where a key of that name lives.</summary>
    private static string UnknownKey(ConfigurationSection section, string name)
    {
        string path = section.Path.Length == 0 ? name : $"{section.Path}.{name}";
        string suggestion = Suggestion.Phrase(name, section.Names);
        if (suggestion.Length == 0)
        {
            string[] elsewhere = [.. ConfigurationSection.Root.AllKeys.Select(key => key.Path).Where(known => known.EndsWith($".{name}", StringComparison.Ordinal))];
            suggestion = elsewhere.Length is > 0 and <= 3
                ? $"; did you mean '{string.Join("' or '", elsewhere)}'?"
                : $"; known here: {string.Join(", ", section.Names)}";
        }

        return $"unknown key '{path}'{suggestion}";
    }

    private static Origin At(Origin file, Mark mark) => file with { Line = mark.Line, Column = mark.Column };
}
