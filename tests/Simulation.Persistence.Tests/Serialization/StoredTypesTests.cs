using System.Text.Json.Nodes;

namespace Simulation.Persistence.Tests.Serialization;

public sealed class StoredTypesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private enum Cause
    {
        Asked,
        FellAsleep,
    }

    /// <summary>Version 1 had <c>who</c>; version 2 <c>worker</c>; version 3 knows the cause.</summary>
    private sealed record WorkerStopped(string Worker, Cause Cause, int? ExitCode = null);

    private static StoredTypes Now => new StoredTypes().Add<WorkerStopped>(
        "worker-stopped",
        version: 3,
        json => new JsonObject { ["worker"] = json["who"]!.DeepClone() },
        json =>
        {
            json["cause"] = "asked";
            return json;
        });

    [Fact]
    public void Write_Record_IsJsonForPeople()
    {
        StoredRecord stored = Now.Write("run", 4, Noon.ToOffset(TimeSpan.FromHours(2)), new WorkerStopped("worker “7”", Cause.FellAsleep));

        Assert.Equal(new StoredRecord("run", 4, Noon, "worker-stopped", 3, """{"worker":"worker “7”","cause":"fell_asleep","exit_code":null}"""), stored);
        Assert.Equal(new WorkerStopped("worker “7”", Cause.FellAsleep), Now.Read(stored, "event"));
    }

    [Fact]
    public void Write_TypeWithoutAName_IsAMistake() => Assert.Throws<ArgumentException>(() => Now.Write("run", 1, Noon, "text"));

    [Theory]
    [InlineData(1, """{"who":"w"}""")]
    [InlineData(2, """{"worker":"w"}""")]
    [InlineData(3, """{"worker":"w","cause":"asked"}""")]
    public void Read_OlderVersion_IsLifted(int version, string json) =>
        Assert.Equal(new WorkerStopped("w", Cause.Asked), Now.Read(Stored("worker-stopped", version, json), "event"));

    [Theory]
    [InlineData("worker-stopped", 4, "{}", "The event 9 of 'run' is 'worker-stopped' version 4; this program knows it up to version 3. Use the version of the program that wrote it, or a newer one.")]
    [InlineData("worker-stopped", 0, "{}", "The event 9 of 'run' is 'worker-stopped' version 0; this program knows it from version 1 on. Use an older version of the program.")]
    [InlineData("worker-slept", 1, "{}", "The event 9 of 'run' is of type 'worker-slept' version 1, which this program does not know. Use the version of the program that wrote it, or a newer one.")]
    public void Read_UnknownTypeOrVersion_SaysWhichAndWhatToDo(string type, int version, string json, string message)
    {
        PersistenceException error = Assert.Throws<PersistenceException>(() => Now.Read(Stored(type, version, json), "event"));
        Assert.Equal(PersistenceProblem.Unknown, error.Problem);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(3, """{"worker":"w"}""")]
    [InlineData(3, """{"worker":null,"cause":"asked"}""")]
    [InlineData(3, """{"worker":"w","cause":"bored"}""")]
    [InlineData(3, """{"worker":"w","cause":"asked","height":3}""")]
    [InlineData(3, """{"worker":"w","cau""")]
    [InlineData(3, "null")]
    [InlineData(1, "{}")]
    [InlineData(1, "[]")]
    public void Read_AnotherShape_IsDamaged(int version, string json)
    {
        PersistenceException error = Assert.Throws<PersistenceException>(() => Now.Read(Stored("worker-stopped", version, json), "event"));
        Assert.Equal(PersistenceProblem.Damaged, error.Problem);
        Assert.StartsWith("The event 9 of 'run' cannot be read as 'worker-stopped' version", error.Message);
    }

    [Fact]
    public void Add_NameTwice_IsAMistake() => Assert.Throws<ArgumentException>(() => Now.Add<string>("worker-stopped"));

    private static StoredRecord Stored(string type, int version, string json) => new("run", 9, Noon, type, version, json);
}
