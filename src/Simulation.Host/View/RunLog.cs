using System.Globalization;
using Simulation.Chaos;
using Simulation.Host.Configuration;
using Simulation.Kernel;

namespace Simulation.Host.View;

/// <summary>What people read while a run goes on: on the console by local time, and all of it in the run's log file by UTC.</summary>
public sealed class RunLog : IKernelLog, IDisposable
{
    private readonly Lock _lock = new();
    private TimeProvider _time;
    private readonly LogLevel _least;
    private readonly StreamWriter _file;
    private readonly Action<LogLevel, string> _console;
    private bool _closed;

    /// <param name="file">Path of the log file; appended to.</param>
    /// <param name="least">The console shows nothing below; the file holds everything.</param>
    /// <param name="console">Prints one line.</param>
    /// <param name="time">The clock.</param>
    public RunLog(string file, LogLevel least, Action<LogLevel, string> console, TimeProvider time)
    {
        _time = time;
        _least = least;
        _console = console;
        _file = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
    }

    /// <summary>From now on lines have the times of another clock: that of a virtual world.</summary>
    public void TakeTimeFrom(TimeProvider time) => _time = time;

    public void Info(string message) => Write(LogLevel.Info, "", message);

    public void Warning(string message) => Write(LogLevel.Warning, "", message);

    public void Write(LogLevel level, string source, string message, Exception? error = null)
    {
        bool isChaos = source == ChaosActor.LogSource && level <= LogLevel.Info;
        string tag = isChaos ? source : NameOf(level);
        string text = Masking.Urls(source.Length == 0 || isChaos ? message : $"{source}: {message}");
        string withCause = error is null ? text : Masking.Urls($"{text.TrimEnd('.')}: {error.Message}");
        string trace = error is null ? "" : Environment.NewLine + Masking.Urls(error.ToString());
        lock (_lock)
        {
            if (_closed)
            {
                return; // A late word of something that is being stopped.
            }

            DateTimeOffset now = _time.GetUtcNow();
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} [{tag}] {text}{trace}"));
            if (level >= _least)
            {
                DateTimeOffset local = TimeZoneInfo.ConvertTime(now, _time.LocalTimeZone);
                _console(level, string.Create(CultureInfo.InvariantCulture, $"[{local:HH:mm:ss}] [{tag}] {withCause}"));
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG",
        LogLevel.Info => "INFO",
        LogLevel.Warning => "WARN",
        _ => "ERROR",
    };
}
