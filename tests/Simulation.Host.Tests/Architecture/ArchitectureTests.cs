using System.Xml.Linq;

namespace Simulation.Host.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md, read from the project files.</summary>
public sealed class ArchitectureTests
{
    /// <summary>What a room may reference. Host may reference all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Kernel"] = [],
        ["JetStream"] = ["Kernel"],
        ["Nats"] = ["JetStream", "Kernel"],
        ["Model"] = ["JetStream", "Kernel"],
        ["History"] = ["Kernel"],
        ["Partitioning"] = ["JetStream", "Kernel"],
        ["Workload"] = ["Kernel"],
        ["Actors"] = ["Partitioning", "History", "JetStream", "Workload", "Kernel"],
        ["Chaos"] = ["Actors", "History", "Partitioning", "JetStream", "Kernel"],
        ["Persistence"] = ["Kernel"],
        ["Dashboard"] = ["History", "Kernel"],
        ["Sdk"] = [],
    };

    private static readonly string[] InBothWorlds = ["JetStream", "History", "Partitioning", "Workload", "Actors", "Model", "Chaos", "Persistence"];

    public static TheoryData<string> Rooms => [.. Directory.EnumerateDirectories(Repository.PathOf("src")).Select(path => Path.GetFileName(path)!["Simulation.".Length..])];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void References_OfARoom_FollowTheArrows(string room)
    {
        if (room == "Host")
        {
            return; // References all; that nobody references it follows from the other rooms' lists.
        }

        string[] references = [.. Elements(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["Simulation.".Length..])];
        Assert.Subset(Allowed[room].ToHashSet(), references.ToHashSet());
    }

    [Fact]
    public void Packages_OfTheKernel_AreNone() => Assert.Empty(Elements("Kernel", "PackageReference"));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void BannedSymbols_RoomsOfBothWorlds_AreHeldToThem(string room)
    {
        bool marked = Project(room).Descendants("RunsInBothWorlds").Any(element => element.Value == "true");
        Assert.Equal(InBothWorlds.Contains(room), marked);
    }

    [Fact]
    public void BannedSymbols_MarkedRooms_GetTheAnalyzerAndTheList()
    {
        XElement group = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("ItemGroup")
            .Single(element => ((string?)element.Attribute("Condition"))?.Contains("RunsInBothWorlds", StringComparison.Ordinal) == true);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", group.Elements("PackageReference").Attributes("Include").Select(name => name.Value));
        Assert.EndsWith("BannedSymbols.txt", group.Element("AdditionalFiles")!.Attribute("Include")!.Value);
        Assert.Contains("P:System.DateTime.UtcNow", File.ReadAllText(Repository.PathOf("BannedSymbols.txt")));
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", File.ReadAllText(Repository.PathOf(".editorconfig")));
    }

    private static IEnumerable<string> Elements(string room, string kind) =>
        Project(room).Descendants(kind).Select(element => element.Attribute("Include")!.Value);

    private static XDocument Project(string room) => XDocument.Load(Repository.PathOf("src", $"Simulation.{room}", $"Simulation.{room}.csproj"));
}
